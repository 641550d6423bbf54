package org.xlstm4j.cli;

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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.loader.Checkpoint;

/** What only a process of its own can show: pipes that close, disks that are full, interrupts. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class ProcessTest {
  private static final String GENERATE = "generate --temperature 0 -p x -n ";

  @TempDir private Path temporary;

  /** A shell that runs a line in which {@code $XLSTM} stands for the program. */
  private Process shell(String line) throws IOException {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.add("-XX:-UsePerfData -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    java.add("--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED");
    java.add("-Dxlstm4j.pretrained=" + System.getProperty("xlstm4j.pretrained"));
    java.add("org.xlstm4j.cli.Main");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", line.replace("$XLSTM", String.join(" ", java)));
    builder.directory(temporary.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectError(temporary.resolve("stderr").toFile());
    builder.redirectOutput(temporary.resolve("stdout").toFile());
    return builder.start();
  }

  private int status(String line) throws IOException, InterruptedException {
    Process process = shell(line);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), line);
    return process.exitValue();
  }

  /** Standard error without the JVM's own line. */
  private String err() throws IOException {
    try (Stream<String> lines = Files.lines(temporary.resolve("stderr"), UTF_8)) {
      return String.join("\n", lines.filter(line -> !line.startsWith("WARNING: Using")).toList());
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aReaderWhoHasEnoughEndsTheWorkQuietly() throws Exception {
    int status =
        status("$XLSTM " + GENERATE + "100000 | head -c 5 >/dev/null; exit ${PIPESTATUS[0]}");
    assertEquals("", err());
    assertEquals(ExitStatus.DONE, status);
  }

  @Test
  void standardOutputThatIsFullIsOneLine() throws Exception {
    for (String command : new String[] {GENERATE + "4", "models --json", "--help"}) {
      assertEquals(ExitStatus.FAILED, status("$XLSTM " + command + " >/dev/full"));
      assertTrue(err().startsWith("xlstm: standard output: "), err());
    }
  }

  /** A mapped model would end the program here. */
  @Test
  void aModelInMemoryOutlivesItsFile() throws Exception {
    Path model = Files.createDirectory(temporary.resolve("model"));
    for (String file : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
      Files.copy(Outcome.pretrained("xlstm-large-mini-q8").resolve(file), model.resolve(file));
    }
    String command = "exec $XLSTM generate -m model --no-mmap --temperature 0 -p x -n 300";
    assertEquals(ExitStatus.DONE, status(command));
    Path stdout = temporary.resolve("stdout");
    String expected = Files.readString(stdout);
    Process process = shell(command);
    try {
      for (int wait = 0; wait < 600 && Files.size(stdout) == 0; wait++) {
        Thread.sleep(50);
      }
      Files.write(model.resolve("model.safetensors"), new byte[0]);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
    assertEquals("", err());
    assertEquals(ExitStatus.DONE, process.exitValue());
    assertEquals(expected, Files.readString(stdout));
  }

  /** The limit of a file's size makes the write fail half-way. */
  @Test
  void aDiskThatFillsUpLeavesNothingHalfWritten() throws Exception {
    int status = status("ulimit -f 20; $XLSTM " + GENERATE + "1 --session session");
    assertEquals(ExitStatus.FAILED, status);
    assertTrue(err().startsWith("xlstm: session: "), err());
    assertFalse(err().contains("\n"), err());
    assertEquals(List.of("stderr", "stdout"), names());
  }

  /** What was shown is what was saved, when the text is interrupted. */
  @ParameterizedTest
  @CsvSource({"1, 129", "2, 130", "15, 143"})
  void aSignalSavesTheSession(int signal, int expected) throws Exception {
    String command = "generate -m " + Outcome.golden("text", "table") + " --session session ";
    int status = interrupted(signal, command + "-p z -n 1000000000");
    assumeTrue(status >= 0, "this signal is ignored here");
    assertEquals(expected, status);
    assertEquals("", err());
    assertEquals(List.of("session", "stderr", "stdout"), names());
    String written = Files.readString(temporary.resolve("stdout"));
    assertTrue(written.matches("w+\n"), written);
    try (Checkpoint session = Checkpoint.open(temporary.resolve("session"))) {
      // begin token, z, a special token without text, and as many w as were written
      int fed = 3 + written.strip().length();
      assertEquals(Integer.toString(fed), session.metadata().get("position"));
    }
    assertEquals(ExitStatus.DONE, status("$XLSTM " + command + "-n 3"));
    assertEquals("www\n", Files.readString(temporary.resolve("stdout")));
  }

  @Test
  void anInterruptWithoutASessionIs130() throws Exception {
    int status = interrupted(2, GENERATE + "1000000");
    assumeTrue(status >= 0, "this signal is ignored here");
    assertEquals(130, status);
    assertEquals("", err());
    assertEquals(List.of("stderr", "stdout"), names());
  }

  /** The status of a command that gets a signal when it has begun to write; -1 if it ignores it. */
  private int interrupted(int signal, String command) throws Exception {
    Process process = shell("exec $XLSTM " + command);
    Path stdout = temporary.resolve("stdout");
    try {
      if (!takes(signal, process.pid())) {
        return -1;
      }
      for (int wait = 0; wait < 600 && Files.size(stdout) == 0; wait++) {
        Thread.sleep(50);
      }
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** A process started in the background of a script inherits that it ignores interrupts. */
  private static boolean takes(int signal, long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), UTF_8)) {
      if (line.startsWith("SigIgn:")) {
        return (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> (signal - 1) & 1) == 0;
      }
    }
    return false;
  }
}
