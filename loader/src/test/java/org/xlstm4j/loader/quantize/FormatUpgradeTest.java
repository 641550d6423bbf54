package org.xlstm4j.loader.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/** Folders in version 2 of the format, of random bytes, and what becomes of them. */
class FormatUpgradeTest {
  @TempDir private Path temporary;

  /** Matrices as version 2 stores them; what they are is told by its own rules. */
  private record OldTensor(
      String name, WeightType type, int matrices, int rows, int columns, ByteBuffer bytes) {
    static OldTensor random(String name, WeightType type, int matrices, int rows, int columns) {
      int panels = (rows + 63) / 64;
      int blocks = (columns + 31) / 32;
      byte[] bytes = new byte[matrices * panels * blocks * blockBytes(type)];
      new Random(rows + columns).nextBytes(bytes);
      return new OldTensor(name, type, matrices, rows, columns, ByteBuffer.wrap(bytes));
    }

    static int blockBytes(WeightType type) {
      return type == WeightType.Q8 ? 128 + 64 * 32 : 128 + 64 * 16;
    }

    private int word(int at) {
      return (bytes.get(at) & 255) | (bytes.get(at + 1) & 255) << 8;
    }

    float weight(int matrix, int row, int column) {
      int blocks = (columns + 31) / 32;
      int panel = matrix * ((rows + 63) / 64) + row / 64;
      int block = (panel * blocks + column / 32) * blockBytes(type);
      int inHalf = row % 32;
      int place = row % 64 - inHalf + (inHalf < 16 ? 2 * inHalf : 2 * (inHalf - 16) + 1);
      int scaleWord = word(block + 2 * place);
      double exponent = Math.pow(2, (scaleWord >> 11) - 24);
      int c = column % 32;
      if (type == WeightType.Q8) {
        int pair = word(block + 128 + 128 * (c / 2) + 2 * place);
        int q = c % 2 == 0 ? (pair & 255) - 128 : (byte) (pair >> 8);
        return (float) (exponent * (1 + (scaleWord & 2047) / 2048.0) * q);
      }
      int four = word(block + 128 + 128 * (c / 4) + 2 * place);
      int q = (four >> (4 * (c % 4))) & 15;
      double scale = exponent * (1 + ((scaleWord >> 6) & 31) / 32.0);
      return (float) (scale * (q - (scaleWord & 63) / 4.0));
    }

    Map<String, Object> description() {
      return Map.of(
          "type",
          type.name().toLowerCase(Locale.ROOT),
          "shape",
          List.of(matrices, rows, columns),
          "matrices",
          matrices,
          "rows",
          rows,
          "columns",
          columns);
    }
  }

  /** Writes a folder of version 2 with the tensor and a vector. */
  private Path write(OldTensor old) throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("old"));
    List<SafetensorsWriter.Entry> entries =
        List.of(
            new SafetensorsWriter.Entry(old.name, TensorType.U8, List.of((long) old.bytes.limit())),
            new SafetensorsWriter.Entry("bias", TensorType.F32, List.of(3L)));
    try (SafetensorsWriter file =
        new SafetensorsWriter(folder.resolve("model.safetensors"), entries, Map.of())) {
      file.write(old.bytes.duplicate());
      file.write(1, 2, 3);
      file.finish();
    }
    Map<String, Object> description =
        Map.of(
            "quant_method",
            "xlstm4j",
            "version",
            2,
            "tensors",
            Map.of(old.name, old.description()));
    Config config =
        Config.empty(folder).with("model_type", "some").with("quantization_config", description);
    Files.writeString(folder.resolve("config.json"), config.toJson());
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    return folder;
  }

  @ParameterizedTest
  @CsvSource({
    "Q8, 1, 64, 32",
    "Q4, 1, 64, 32",
    "Q8, 2, 70, 40",
    "Q4, 2, 70, 40",
    "Q8, 1, 97, 129",
    "Q4, 1, 97, 129",
    "Q8, 1, 65, 8300",
    "Q4, 1, 65, 8300"
  })
  void everyScaleAndIntegerIsKept(WeightType type, int matrices, int rows, int columns)
      throws IOException {
    OldTensor old = OldTensor.random("gate", type, matrices, rows, columns);
    Path folder = write(old);
    Path out = temporary.resolve("new");
    try (FormatUpgrade upgrade = FormatUpgrade.open(folder, Config.ofFolder(folder))) {
      assertEquals(EnumSet.of(type), upgrade.types());
      long weights = (long) matrices * rows * columns + 3;
      assertEquals(weights, upgrade.weights());
      long[] done = new long[1];
      List<TensorReport> reports = upgrade.write(out, count -> done[0] = count);
      assertEquals(weights, done[0]);
      assertEquals(type.name(), reports.getFirst().type());
      assertEquals(0, reports.getFirst().relativeError());
    }
    assertFalse(FormatUpgrade.isFor(Config.ofFolder(out)));
    assertEquals("{}", Files.readString(out.resolve("tokenizer.json")));
    assertEquals("some", Config.ofFolder(out).text("model_type"));
    try (Checkpoint checkpoint = Checkpoint.open(out)) {
      assertEquals(2, checkpoint.get("bias").toFloats()[1]);
      Tensor tensor = checkpoint.get("gate");
      long bytes = tensor.data().byteSize() / matrices;
      for (int matrix = 0; matrix < matrices; matrix++) {
        MemorySegment data = tensor.data().asSlice(matrix * bytes, bytes);
        Matrix weights = Matrix.of(type, data, rows, columns);
        float[] row = new float[columns];
        for (int i = 0; i < rows; i++) {
          weights.copyRow(i, row, 0);
          for (int column = 0; column < columns; column++) {
            assertEquals(old.weight(matrix, i, column), row[column]);
          }
        }
      }
    }
  }

  @Test
  void openingAFolderOfVersion2NamesTheCommandThatConvertsIt() throws IOException {
    Path folder = write(OldTensor.random("gate", WeightType.Q8, 1, 64, 32));
    ModelFormatException refused =
        assertThrows(ModelFormatException.class, () -> Checkpoint.open(folder));
    String line = refused.getMessage();
    assertTrue(
        line.contains("expected 3, found 2") && line.contains("xlstm quantize OLD NEW"), line);
    assertFalse(line.contains("\n"), line);
  }

  @Test
  void aTensorOfAnotherSizeIsRefusedAndLeavesNothing() throws IOException {
    OldTensor whole = OldTensor.random("gate", WeightType.Q8, 1, 64, 32);
    ByteBuffer fewer = ByteBuffer.allocate(whole.bytes.limit() - 2);
    Path folder = write(new OldTensor("gate", WeightType.Q8, 1, 64, 32, fewer));
    try (FormatUpgrade upgrade = FormatUpgrade.open(folder, Config.ofFolder(folder))) {
      ModelFormatException refused =
          assertThrows(
              ModelFormatException.class,
              () -> upgrade.write(temporary.resolve("new"), count -> {}));
      assertTrue(refused.getMessage().contains("expected U8, 2176 bytes"), refused.getMessage());
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(folder), left.toList());
    }
  }

  /** What a link leads to is not copied into a folder that may be published. */
  @Test
  void aLinkOutOfTheFolderIsRefused() throws IOException {
    Path folder = write(OldTensor.random("gate", WeightType.Q8, 1, 64, 32));
    Path secret = Files.writeString(temporary.resolve("secret"), "secret");
    Files.createSymbolicLink(folder.resolve("notes.txt"), secret);
    Path out = temporary.resolve("new");
    try (FormatUpgrade upgrade = FormatUpgrade.open(folder, Config.ofFolder(folder))) {
      ModelFormatException refused =
          assertThrows(ModelFormatException.class, () -> upgrade.write(out, count -> {}));
      assertTrue(refused.getMessage().contains("notes.txt"), refused.getMessage());
    }
    assertFalse(Files.exists(out));
  }
}
