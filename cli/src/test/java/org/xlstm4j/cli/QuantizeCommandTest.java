package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;

/**
 * Models of every family, quantized, opened again and compared with what they were. What 4 bits
 * cost the quality of texts and pictures is tested with the models.
 */
@Tag("slow")
class QuantizeCommandTest {
  /** What several tests compare is made once: quantized folders of shipped models. */
  @TempDir private static Path shared;

  private static final Map<List<String>, Path> FOLDERS = new HashMap<>();

  @TempDir private Path temporary;

  private static Path shipped(String name, String type) {
    return FOLDERS.computeIfAbsent(
        List.of(name, type),
        key -> quantized(Outcome.pretrained(name), type, shared.resolve(name + "-" + type)));
  }

  private static Path quantized(Path model, String type, Path out) {
    Outcome outcome =
        Outcome.of("quantize", model.toString(), out.toString(), "--type", type, "--json");
    String last = outcome.assertDone().out().lines().reduce("", (before, line) -> line);
    assertTrue(last.contains("\"tensor\":\"total\""), last);
    return out;
  }

  @Test
  void theShippedQuantizedModelIsWhatTheCommandMakes() throws IOException {
    Path made = shipped("xlstm-large-mini", "q8");
    Path shipped = Outcome.pretrained("xlstm-large-mini-q8");
    for (String file : List.of("model.safetensors", "config.json", "tokenizer.json")) {
      assertEquals(-1, Files.mismatch(shipped.resolve(file), made.resolve(file)), file);
    }
  }

  @ParameterizedTest
  @CsvSource({"vil-fashion, q8", "lram-control, q4", "xlstm-lm, q8"})
  void matricesAreConvertedAndTheRestStaysAsItIs(String name, String type) throws IOException {
    Path out = shipped(name, type);
    try (Checkpoint before = Checkpoint.open(Outcome.pretrained(name));
        Checkpoint after = Checkpoint.open(out)) {
      assertEquals(before.parameters(), after.parameters());
      Map<Boolean, Long> weights = new HashMap<>();
      for (Tensor tensor : after) {
        Tensor old = before.get(tensor.name());
        assertArrayEquals(old.shape(), tensor.shape());
        weights.merge(tensor.packing() != null, tensor.elements(), Long::sum);
        if (tensor.packing() == null) {
          assertEquals(-1, tensor.data().mismatch(old.data()), tensor.name());
        } else {
          assertEquals(0, tensor.data().address() % 64, tensor.name());
        }
      }
      assertTrue(weights.get(true) > 5 * weights.get(false), weights.toString());
    }
    try (Model before = Models.open(Outcome.pretrained(name));
        Model after = Models.open(out)) {
      assertEquals(before.family(), after.family());
    }
  }

  @Test
  void filesOfTheNewFolderCanBeWritten() throws IOException {
    Path source = Files.createDirectory(temporary.resolve("read-only"));
    try (Stream<Path> files = Files.list(Outcome.golden("text", "table"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = Files.copy(file, source.resolve(file.getFileName()));
        assertTrue(copy.toFile().setReadOnly());
      }
    }
    Path out = quantized(source, "q8", temporary.resolve("q8"));
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        assertTrue(
            Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_WRITE),
            file.toString());
      }
    }
  }

  /** Errors count where the text's activations are large: other weights. */
  @Test
  void aCalibrationTextChangesTheRounding() throws IOException {
    Path model = Outcome.pretrained("xlstm-lm");
    String text = Files.readString(model.resolve("heldout_railway_children.txt"));
    Path typical = Files.writeString(temporary.resolve("typical.txt"), text.substring(0, 2000));
    Path calibrated = temporary.resolve("calibrated");
    Outcome.of(
            "quantize",
            model.toString(),
            calibrated.toString(),
            "--type",
            "q8",
            "--calibrate",
            typical.toString())
        .assertDone();
    Path plain = shipped("xlstm-lm", "q8");
    String weights = "model.safetensors";
    assertEquals(Files.size(plain.resolve(weights)), Files.size(calibrated.resolve(weights)));
    assertTrue(Files.mismatch(plain.resolve(weights), calibrated.resolve(weights)) >= 0);
    Outcome.of(
            "quantize",
            Outcome.pretrained("vil-fashion").toString(),
            temporary.resolve("x").toString(),
            "--type",
            "q4",
            "--calibrate",
            typical.toString())
        .assertWrongUsage("--calibrate", "language models");
  }

  @Test
  void refusesToOverwriteAndToQuantizeTwice() throws IOException {
    String model = Outcome.pretrained("lram-control").toString();
    Path out = shipped("lram-control", "q4");
    Outcome.of("quantize", model, out.toString(), "--type", "q4")
        .assertFailed(out.toString(), "exists already");
    Outcome.of("quantize", out.toString(), temporary.resolve("again").toString(), "--type", "q4")
        .assertFailed("quantized tensor");
    Outcome.of("quantize", model, temporary.resolve("x").toString(), "--type", "q5")
        .assertWrongUsage("q5", "bf16, q8 or q4");
    Outcome.of("quantize", model, temporary.resolve("no/folder").toString(), "--type", "q4")
        .assertFailed("no such file or folder");
  }

  /** A folder in version 2 of the format: one matrix of 64 x 32 weights, all 64 * 2^-24. */
  private Path version2() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("version2"));
    byte[] block = new byte[128 + 64 * 32];
    for (int i = 128; i < block.length; i += 2) {
      block[i] = (byte) (64 + 128);
      block[i + 1] = 64;
    }
    try (SafetensorsWriter file =
        new SafetensorsWriter(
            folder.resolve("model.safetensors"),
            List.of(
                new SafetensorsWriter.Entry("weight", TensorType.U8, List.of((long) block.length))),
            Map.of())) {
      file.write(ByteBuffer.wrap(block));
      file.finish();
    }
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"quantization_config": {"quant_method": "xlstm4j", "version": 2, "tensors": {"weight":
          {"type": "q8", "shape": [64, 32], "matrices": 1, "rows": 64, "columns": 32}}}}
        """);
    return folder;
  }

  @Test
  void aFolderOfVersion2IsConvertedWithoutLoss() throws IOException {
    String old = version2().toString();
    Outcome.of("inspect", old).assertFailed("found 2", "xlstm quantize OLD NEW");
    for (String[] type : new String[][] {{}, {"--type", "q8"}}) {
      Path out = temporary.resolve("new" + type.length);
      List<String> arguments = new ArrayList<>(List.of("quantize", old, out.toString()));
      arguments.addAll(List.of(type));
      Outcome.of(arguments.toArray(String[]::new)).assertDone();
      try (Checkpoint converted = Checkpoint.open(out)) {
        float[] row = new float[32];
        Tensor weight = converted.get("weight");
        Matrix.of(WeightType.Q8, weight.data(), 64, 32).copyRow(63, row, 0);
        assertEquals(64 * 0x1p-24f, row[31]);
      }
    }
  }

  @Test
  void aFolderOfVersion2IsNotQuantizedAgain() throws IOException {
    String old = version2().toString();
    String out = temporary.resolve("x").toString();
    Outcome.of("quantize", old, out, "--type", "q4").assertWrongUsage("--type is q4", "Q8");
    Outcome.of("quantize", old, out, "--calibrate", old).assertWrongUsage("--calibrate");
    String model = Outcome.pretrained("lram-control").toString();
    Outcome.of("quantize", model, out).assertWrongUsage("--type is missing", "bf16, q8 or q4");
    assertFalse(Files.exists(Path.of(out)));
  }

  @Test
  void aFailureLeavesNothing() throws IOException {
    Path model = temporary.resolve("model");
    Files.createDirectory(model);
    Path source = Outcome.pretrained("lram-control");
    Files.copy(source.resolve("config.json"), model.resolve("config.json"));
    byte[] bytes = Files.readAllBytes(source.resolve("model.safetensors"));
    // the bytes in the middle are those of some projection: make them NaN
    for (int i = bytes.length / 2; i < bytes.length / 2 + 4096; i++) {
      bytes[i] = (byte) 0xff;
    }
    Files.write(model.resolve("model.safetensors"), bytes);
    Outcome.of("quantize", model.toString(), temporary.resolve("out").toString(), "--type", "q4")
        .assertFailed("finite weights", "NaN");
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(model), left.toList());
    }
    assertFalse(Files.exists(temporary.resolve("out")));
  }
}
