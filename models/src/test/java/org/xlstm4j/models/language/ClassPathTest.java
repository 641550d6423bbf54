package org.xlstm4j.models.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.engine.KernelPath;
import org.xlstm4j.models.testing.Golden;

/** The library on the class path of a JVM of its own, with the Vector API and without it. */
@Tag("slow")
class ClassPathTest {
  private static final Path FOLDER = Golden.root().resolve("xlstm").resolve("hf_single");

  @TempDir private Path temporary;

  @Test
  void runsWithTheVectorApiAndCarriesOnWithoutIt() throws Exception {
    List<String> with =
        outputOf("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED");
    assertEquals(List.of(), warnings());
    List<String> without =
        outputOf("-Dxlstm4j.kernels=vector", "--enable-native-access=ALL-UNNAMED");
    assertEquals(1, warnings().size(), warnings().toString());
    assertTrue(warnings().getFirst().endsWith(" --add-modules jdk.incubator.vector"));
    assertEquals(2, with.size(), with.toString());
    assertEquals(2, without.size(), without.toString());
    assertFalse(with.getFirst().contains("--add-modules"), with.getFirst());
    assertTrue(
        without
            .getFirst()
            .endsWith(
                "scalar kernels: start Java with --add-modules jdk.incubator.vector for SIMD"),
        without.getFirst());
    assertEquals(12, without.getLast().split(" ").length);
    assertEquals(with.getLast(), without.getLast());
  }

  @Test
  void machineCodeNeedsNoVectorApi() throws Exception {
    assumeTrue(KernelPath.inUse() == KernelPath.MACHINE, "a processor without machine code");
    List<String> lines = outputOf("--enable-native-access=ALL-UNNAMED");
    assertEquals(List.of(), warnings());
    assertTrue(lines.getFirst().contains("machine code for "), lines.getFirst());
  }

  @Test
  void eachFlagThatIsMissingIsNamedOnce() throws Exception {
    outputOf();
    assertEquals(2, warnings().size(), warnings().toString());
    assertTrue(warnings().getFirst().endsWith(" --add-modules jdk.incubator.vector"));
    assertTrue(warnings().getLast().endsWith(" --enable-native-access=ALL-UNNAMED"));
    outputOf("-Dxlstm4j.kernels=scalar", "--enable-native-access=ALL-UNNAMED");
    assertEquals(List.of(), warnings());
  }

  /** What the program's loggers warned of; standard error has nothing else but the JVM's line. */
  private List<String> warnings() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(temporary.resolve("stderr"), UTF_8));
    lines.remove("WARNING: Using incubator modules: jdk.incubator.vector");
    lines.removeIf(line -> line.endsWith(" org.xlstm4j.engine.MissingFlags warn")); // a heading
    List<String> warnings = lines.stream().filter(line -> line.startsWith("WARNING: ")).toList();
    assertEquals(warnings, lines);
    return warnings;
  }

  /** Standard output of {@link ClassPathProgram}. */
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
    assertEquals(0, process.exitValue());
    return Files.readAllLines(temporary.resolve("stdout"), UTF_8);
  }
}
