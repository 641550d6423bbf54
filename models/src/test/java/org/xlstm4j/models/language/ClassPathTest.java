package org.xlstm4j.models.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.models.testing.Golden;

/** The library on the class path of a JVM of its own, with the Vector API and without it. */
class ClassPathTest {
  private static final Path FOLDER = Golden.root().resolve("xlstm").resolve("hf_single");

  @TempDir private Path temporary;

  @Test
  void runsWithTheVectorApiAndCarriesOnWithoutIt() throws Exception {
    List<String> with =
        outputOf("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED");
    List<String> without = outputOf("--enable-native-access=ALL-UNNAMED");
    assertEquals(2, with.size(), with.toString());
    assertEquals(2, without.size(), without.toString());
    assertFalse(with.getFirst().contains("--add-modules"), with.getFirst());
    assertEquals(
        "scalar kernels: start Java with --add-modules jdk.incubator.vector for SIMD",
        without.getFirst());
    assertEquals(12, without.getLast().split(" ").length);
    assertEquals(with.getLast(), without.getLast());
  }

  /** Standard output of {@link ClassPathProgram}, which has nothing to say but the JVM's line. */
  private List<String> outputOf(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of(ClassPathProgram.class.getName(), FOLDER.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectOutput(temporary.resolve("stdout").toFile());
    builder.redirectError(temporary.resolve("stderr").toFile());
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
    List<String> complaints =
        Files.readAllLines(temporary.resolve("stderr"), UTF_8).stream()
            .filter(line -> !line.equals("WARNING: Using incubator modules: jdk.incubator.vector"))
            .toList();
    assertEquals(List.of(), complaints);
    assertEquals(0, process.exitValue());
    return Files.readAllLines(temporary.resolve("stdout"), UTF_8);
  }
}
