package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One seed writes one text without machine code too, wherever in it the SIMD kernels take over. In
 * a process with scalar kernels they never do.
 */
class StandInsProcessTest {
  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"xlstm-large-mini-q8", "xlstm-large-mini", "xlstm-lm"})
  void textsDoNotDependOnWhenKernelsAreCompiled(String model) throws Exception {
    String expected = text(model);
    assertFalse(expected.isBlank());
    assertEquals(expected, text(model));
    assertEquals(expected, text(model, "-Dxlstm4j.kernels=scalar"));
  }

  /** Three hundred tokens of a seed. */
  private String text(String model, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Dxlstm4j.machine=off"));
    command.addAll(List.of(options));
    command.addAll(List.of("org.xlstm4j.cli.Main", "generate", "--seed", "7", "-n", "300"));
    command.addAll(List.of("-p", "It was", "--threads", "2"));
    command.addAll(List.of("-m", Outcome.pretrained(model).toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Path output = temporary.resolve("output");
    builder.redirectOutput(output.toFile());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "a program that does not end");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(ExitStatus.DONE, process.exitValue());
    return Files.readString(output);
  }
}
