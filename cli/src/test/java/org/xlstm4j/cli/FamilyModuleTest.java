package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * The family of {@code docs/examples/java/family}, a module of its own that uses the public API
 * alone: compiled and run on the module path, where packages that are not exported are closed.
 */
@Tag("slow")
class FamilyModuleTest {
  private static final int VOCABULARY = 5;
  private static final int WIDTH = 3;
  private static final float[] DECAY = {1.5f, -0.75f, 0};

  @TempDir private static Path temporary;
  private static Path module;
  private static Path model;

  @BeforeAll
  static void compileTheModuleAndWriteAModel() throws IOException {
    Path sources =
        Path.of(System.getProperty("xlstm4j.pretrained"))
            .toAbsolutePath()
            .normalize()
            .resolve("../../docs/examples/java/family/src/main");
    module = temporary.resolve("module");
    List<String> arguments = new ArrayList<>(List.of("-Xlint:all,-incubating", "-Werror", "-d"));
    arguments.addAll(List.of(module.toString(), "-p", System.getProperty("java.class.path")));
    try (Stream<Path> files = Files.walk(sources.resolve("java"))) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::toString)
          .forEach(arguments::add);
    }
    assertEquals(
        0,
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(System.out, System.err, arguments.toArray(String[]::new)));
    model = Files.createDirectory(temporary.resolve("model"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"model_type": "decay", "vocab_size": 5, "width": 3, "blocks": 1}
        """);
    write(
        model.resolve("model.safetensors"),
        new float[][] {table(), ones(), identity(), DECAY, ones(), table()},
        "embedding.weight:5,3",
        "blocks.0.norm.weight:3",
        "blocks.0.value.weight:3,3",
        "blocks.0.decay:3",
        "out_norm.weight:3",
        "head.weight:5,3");
  }

  private static float[] table() {
    float[] table = new float[VOCABULARY * WIDTH];
    for (int i = 0; i < table.length; i++) {
      table[i] = (i * 7 % 5 - 2) / 2f;
    }
    return table;
  }

  private static float[] ones() {
    float[] ones = new float[WIDTH];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static float[] identity() {
    return new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1};
  }

  /** What the layer's equations say, in double. */
  private static float[] expected(int... tokens) {
    double[] h = new double[WIDTH];
    float[] logits = new float[tokens.length * VOCABULARY];
    float[] table = table();
    for (int t = 0; t < tokens.length; t++) {
      double[] x = new double[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        x[i] = table[tokens[t] * WIDTH + i];
      }
      double[] normed = normed(x);
      for (int i = 0; i < WIDTH; i++) {
        h[i] = h[i] / (1 + Math.exp(-DECAY[i])) + normed[i];
        x[i] += h[i];
      }
      double[] out = normed(x);
      for (int v = 0; v < VOCABULARY; v++) {
        double sum = 0;
        for (int i = 0; i < WIDTH; i++) {
          sum += table[v * WIDTH + i] * out[i];
        }
        logits[t * VOCABULARY + v] = (float) sum;
      }
    }
    return logits;
  }

  private static double[] normed(double[] x) {
    double squares = Arrays.stream(x).map(value -> value * value).sum();
    double root = Math.sqrt(squares / x.length + 1e-6);
    return Arrays.stream(x).map(value -> value / root).toArray();
  }

  private static void write(Path file, float[][] values, String... tensors) throws IOException {
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    for (String tensor : tensors) {
      String[] parts = tensor.split(":", 2);
      List<Long> shape = Arrays.stream(parts[1].split(",", -1)).map(Long::valueOf).toList();
      entries.add(new SafetensorsWriter.Entry(parts[0], TensorType.F32, shape));
    }
    try (SafetensorsWriter writer = new SafetensorsWriter(file, entries, Map.of())) {
      for (float[] some : values) {
        writer.write(some);
      }
      writer.finish();
    }
  }

  private static String xlstm(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("--add-modules", "example.decay", "-p"));
    command.add(module + File.pathSeparator + System.getProperty("java.class.path"));
    command.addAll(List.of("-m", "org.xlstm4j.cli/org.xlstm4j.cli.Main"));
    command.addAll(List.of(arguments));
    Path output = temporary.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String printed = Files.readString(output, UTF_8);
    assertEquals(0, process.exitValue(), printed);
    return printed;
  }

  @Test
  void verifyFindsTheLogitsOfTheEquations() throws Exception {
    int[] tokens = {1, 4, 0, 2, 2, 3, 1, 0, 4, 4, 3};
    Path reference = temporary.resolve("reference.safetensors");
    try (SafetensorsWriter writer =
        new SafetensorsWriter(
            reference,
            List.of(
                new SafetensorsWriter.Entry("input_ids", TensorType.I64, List.of(1L, 11L)),
                new SafetensorsWriter.Entry("logits", TensorType.F32, List.of(1L, 11L, 5L))),
            Map.of())) {
      ByteBuffer ids =
          ByteBuffer.allocate(Long.BYTES * tokens.length).order(ByteOrder.LITTLE_ENDIAN);
      for (int token : tokens) {
        ids.putLong(token);
      }
      writer.write(ids.flip());
      writer.write(expected(tokens));
      writer.finish();
    }
    for (String mode : new String[] {"chunk", "step"}) {
      String printed =
          xlstm(
              "verify",
              "-m",
              model.toString(),
              reference.toString(),
              "--mode",
              mode,
              "--tolerance",
              "1e-5");
      assertTrue(printed.contains("equal"), printed);
    }
  }

  @Test
  void inspectNamesTheFamily() throws Exception {
    String printed = xlstm("inspect", model.toString());
    assertTrue(printed.contains("Decay"), printed);
    assertTrue(printed.contains("token"), printed);
  }
}
