package org.xlstm4j.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xlstm4j.loader.Refusals.assertRefused;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.quantize.PanelQuantizer;
import org.xlstm4j.loader.tensors.MatrixForm;
import org.xlstm4j.loader.tensors.Packing;
import org.xlstm4j.loader.tensors.QuantizationConfig;
import org.xlstm4j.loader.tensors.TensorType;

/** Folders with quantized tensors: valid ones and such that claim what they do not hold. */
class QuantizedCheckpointTest {
  private static final int HEADS = 2;
  private static final int ROWS = 70;
  private static final int COLUMNS = 40;

  @TempDir Path folder;

  private static final Packing PACKING =
      new Packing(
          WeightType.Q8, List.of(HEADS, ROWS, COLUMNS), new MatrixForm(HEADS, ROWS, COLUMNS));

  private static float[] values() {
    float[] values = new float[HEADS * ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    return values;
  }

  /** Writes a tensor {@code gate} of two matrices, and a vector. */
  private void write() throws IOException {
    List<SafetensorsWriter.Entry> entries =
        List.of(
            new SafetensorsWriter.Entry("gate", TensorType.U8, List.of(PACKING.byteSize())),
            new SafetensorsWriter.Entry("bias", TensorType.F32, List.of(3L)));
    PanelQuantizer quantizer = PanelQuantizer.searching(WeightType.Q8, COLUMNS);
    try (SafetensorsWriter writer =
        new SafetensorsWriter(folder.resolve("model.safetensors"), entries, Map.of())) {
      for (int head = 0; head < HEADS; head++) {
        for (int row = 0; row < ROWS; row += 32) {
          int count = Math.min(32, ROWS - row);
          float[] rows = new float[count * COLUMNS];
          System.arraycopy(values(), (head * ROWS + row) * COLUMNS, rows, 0, rows.length);
          byte[] panel = new byte[(int) quantizer.panelBytes()];
          quantizer.quantize(rows, count, MemorySegment.ofArray(panel));
          writer.write(ByteBuffer.wrap(panel));
        }
      }
      writer.write(1, 2, 3);
      writer.finish();
    }
    describe(PACKING);
  }

  private void describe(Packing packing) throws IOException {
    QuantizationConfig description = new QuantizationConfig(Map.of("gate", packing));
    Config config = description.addTo(Config.empty(folder).with("model_type", "some"));
    Files.writeString(folder.resolve("config.json"), config.toJson());
  }

  @Test
  void readsMatricesInPlace() throws IOException {
    write();
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertEquals(PACKING, checkpoint.get("gate").packing());
      assertArrayEquals(new long[] {HEADS, ROWS, COLUMNS}, checkpoint.get("gate").shape());
      assertNull(checkpoint.get("bias").packing());
      TensorReader reader = new TensorReader(checkpoint, name -> "layer." + name);
      assertArrayEquals(new int[] {HEADS, ROWS, COLUMNS}, reader.shape("layer.gate", 3));
      List<Matrix> heads =
          reader.matrices("layer.gate", new int[] {HEADS, ROWS, COLUMNS}, PACKING.form());
      reader.vector("layer.bias", 3);
      reader.finish();
      assertEquals(Map.of("gate", PACKING.form()), checkpoint.matrices());
      float[] row = new float[COLUMNS];
      float[] exact = values();
      for (int head = 0; head < HEADS; head++) {
        assertEquals(WeightType.Q8, heads.get(head).type());
        for (int i = 0; i < ROWS; i++) {
          heads.get(head).copyRow(i, row, 0);
          for (int column = 0; column < COLUMNS; column++) {
            assertEquals(exact[(head * ROWS + i) * COLUMNS + column], row[column], 0.006);
          }
        }
      }
    }
  }

  @Test
  void refusesOtherUsesThanTheOneItWasPackedFor() throws IOException {
    write();
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThrows(ModelFormatException.class, () -> checkpoint.get("gate").toFloats());
      assertThrows(ModelFormatException.class, () -> checkpoint.get("gate").toLongs());
      TensorReader reader = new TensorReader(checkpoint);
      int[] shape = {HEADS, ROWS, COLUMNS};
      reader.matrix("gate", shape, HEADS * ROWS, COLUMNS);
      reader.matrix("gate", HEADS * ROWS, COLUMNS);
      reader.tensor("gate", shape);
      assertRefused(reader::finish, "3 missing or different", "found Q8 [2, 70, 40]");
    }
  }

  @Test
  void aTensorUsedInTwoWaysIsNotForQuantization() throws IOException {
    write();
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      TensorReader reader = new TensorReader(checkpoint);
      reader.matrix("bias", new int[] {3}, 1, 3);
      assertEquals(Map.of("bias", new MatrixForm(1, 1, 3)), checkpoint.matrices());
      reader.exactMatrix("bias", new int[] {3}, 1, 3);
      assertEquals(Map.of(), checkpoint.matrices());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Q4, 2, 70, 40",
    "Q8, 1, 70, 40",
    "Q8, 2, 300, 40",
    "Q8, 2, 70, 2147483647",
    "Q8, 2147483647, 1, 1",
    "Q4, 1, 2147483647, 2147483647"
  })
  void refusesSizesThatTheFileDoesNotHold(WeightType type, int count, int rows, int columns)
      throws IOException {
    write();
    describe(
        new Packing(type, List.of(count, rows, columns), new MatrixForm(count, rows, columns)));
    assertRefused(() -> Checkpoint.open(folder), "tensor gate", "found U8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\": 3 | \"version\": 1",
        "\"version\": 3 | \"version\": 2",
        "\"version\": 3 | \"version\": 4",
        "\"version\": 3 | \"version\": \"3\"",
        "\"q8\" | \"q9\"",
        "\"rows\": 70 | \"rows\": 0",
        "\"rows\": 70 | \"rows\": 71",
        "\"matrices\": 2 | \"matrices\": -2",
        "\"columns\": 40 | \"columns\": \"wide\"",
        "\"columns\": 40 | \"columns\": 4294967336",
        "\"tensors\" | \"others\""
      })
  void refusesMalformedDescriptions(String from, String to) throws IOException {
    write();
    Path file = folder.resolve("config.json");
    String text = Files.readString(file).replace("\" : ", "\": ");
    Files.writeString(file, text.replace(from, to));
    assertRefused(() -> Checkpoint.open(folder), "config.json");
  }

  @Test
  void leavesOtherProgramsDescriptionsAlone() throws IOException {
    write();
    Files.writeString(
        folder.resolve("config.json"), "{\"quantization_config\": {\"quant_method\": \"other\"}}");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertNull(checkpoint.get("gate").packing());
    }
  }
}
