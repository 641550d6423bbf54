package org.xlstm4j.engine.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs on this class path in JVMs of their own, with the JVM options that a test wants. */
final class ChildJvm {
  static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
  static final List<String> VECTOR_API = List.of("--add-modules", "jdk.incubator.vector");

  /** What emulates another processor, if something does, as a JVM. */
  private static final String EMULATED = System.getProperty("xlstm4j.test.java", "");

  /** More than any program takes. */
  private static final int SECONDS = EMULATED.isEmpty() ? 60 : 1200;

  private final Path folder;

  /**
   * A starter of programs.
   *
   * @param folder is empty
   */
  ChildJvm(Path folder) {
    this.folder = folder;
  }

  /**
   * What a program did.
   *
   * @param lines of its standard output
   * @param complaints lines of its standard error, except the JVM's on the Vector API
   */
  record Outcome(int status, List<String> lines, List<String> complaints) {}

  /** The one that runs this, or, on an emulated processor, what emulates it. */
  private static String java() {
    return EMULATED.isEmpty()
        ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
        : EMULATED;
  }

  /** Runs a program. */
  Outcome run(List<String> options, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(List.of("-XX:ErrorFile=" + folder.resolve("error"), "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.util.logging.SimpleFormatter.format=%4$s: %5$s%n");
    command.addAll(options);
    command.add(program.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectOutput(folder.resolve("output").toFile());
    builder.redirectError(folder.resolve("errors").toFile());
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "a program that does not end");
    } finally {
      process.destroyForcibly();
    }
    return new Outcome(
        process.exitValue(),
        Files.readAllLines(folder.resolve("output"), UTF_8),
        Files.readAllLines(folder.resolve("errors"), UTF_8).stream()
            .filter(line -> !line.equals("WARNING: Using incubator modules: jdk.incubator.vector"))
            .toList());
  }
}
