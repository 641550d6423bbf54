package org.xlstm4j.models.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.models.testing.Golden;

/** Without machine code, too, a process computes the same bits before its kernels are compiled. */
@Tag("slow")
class ColdStartTest {
  @TempDir private Path temporary;

  @Test
  void stepsDoNotDependOnWhenKernelsAreCompiled() throws Exception {
    stepsDoNotDependOnWhenKernelsAreCompiled("xlstm-large-mini-q8");
  }

  @Test
  @Tag("long")
  void norDoThoseOfOtherWeights() throws Exception {
    stepsDoNotDependOnWhenKernelsAreCompiled("xlstm-large-mini");
  }

  private void stepsDoNotDependOnWhenKernelsAreCompiled(String model) throws Exception {
    Path folder = Golden.pretrained(model);
    List<String> simd = outputOf(folder, "-Dxlstm4j.machine=off");
    assertTrue(simd.getLast().contains("SIMD kernels of "), simd.getLast());
    assertEquals(simd.get(0), simd.get(1));
  }

  /** Standard output of {@link ColdStartProgram}. */
  private List<String> outputOf(Path model, String kernels) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", kernels));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(ColdStartProgram.class.getName(), model.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectOutput(temporary.resolve("stdout").toFile());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "a program that does not end");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue());
    return Files.readAllLines(temporary.resolve("stdout"), UTF_8);
  }
}
