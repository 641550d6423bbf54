package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script in front of the image's Java, with a program in Java's place that tells what it got.
 */
@EnabledOnOs(OS.LINUX)
class LauncherTest {
  private static final Path LAUNCHER = Path.of("src", "image", "xlstm");

  @TempDir private Path image;

  @BeforeEach
  void install() throws IOException {
    Files.createDirectories(image.resolve("bin"));
    Files.createDirectories(image.resolve("lib"));
    write("bin/xlstm", Files.readString(LAUNCHER));
  }

  private void write(String name, String script) throws IOException {
    Path file = Files.writeString(image.resolve(name), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What a shell line writes in which {@code $XLSTM} stands for the command. */
  private String output(String line, Map<String, String> environment) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", line);
    builder.environment().keySet().removeIf(name -> name.equals("LANG") || name.startsWith("LC_"));
    builder.environment().putAll(environment);
    builder.environment().put("XLSTM", image.resolve("bin/xlstm").toString());
    Path output = image.resolve("output");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), line);
    return Files.readString(output, UTF_8).strip();
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "LC_ALL, C",
    "LC_ALL, tr_TR.ISO-8859-9",
    "LANG, xx_XX.UTF-8",
    "LC_TIME, xx"
  })
  void theLocaleIsUtf8WhateverIsSet(String name, String value) throws Exception {
    write("bin/java", "#!/bin/sh\necho \"$LC_ALL\"; locale charmap\n");
    Map<String, String> environment = name.isEmpty() ? Map.of() : Map.of(name, value);
    assertEquals("C.UTF-8\nUTF-8", output("\"$XLSTM\"", environment));
  }

  @ParameterizedTest
  @CsvSource({
    "POSIX C.utf8 en_US.utf8, C.utf8",
    "POSIX de_DE.utf8 en_US.utf8 tr_TR.UTF-8, en_US.utf8",
    "POSIX de_DE de_DE.UTF-8 tr_TR.utf8, de_DE.UTF-8",
    "POSIX de_DE, C.UTF-8"
  })
  void whereLocalesAreKeptElsewhereOneOfThoseListedIsTaken(String listed, String taken)
      throws Exception {
    String script = Files.readString(LAUNCHER);
    assertTrue(script.contains("/usr/lib/locale/"));
    write("bin/xlstm", script.replace("/usr/lib/locale/", "/no/such/folder/"));
    write("bin/java", "#!/bin/sh\necho \"$LC_ALL\"\n");
    write("bin/locale", "#!/bin/sh\nprintf '%s\\n' " + listed + "\n");
    String path = image.resolve("bin") + ":" + System.getenv("PATH");
    assertEquals(taken, output("\"$XLSTM\" 2>/dev/null", Map.of("PATH", path)));
  }

  /** The JVM's first file would else be what the command reads or writes. */
  @ParameterizedTest
  @ValueSource(strings = {"<&-", ">&-", "2>&-", "<&- >&- 2>&-", ""})
  void descriptorsThatAreClosedAreTakenAndUnusable(String closing) throws Exception {
    write(
        "bin/java",
        """
        #!/bin/sh
        exec 7>>"$FOUND"
        for i in 0 1 2; do [ -e /proc/$$/fd/$i ] && echo "$i is open" >&7; done
        head -c 1 >/dev/null 2>&1 || echo "0 cannot be read" >&7
        echo result 2>/dev/null || echo "1 cannot be written" >&7
        """);
    Path found = image.resolve("found");
    output("echo x | { \"$XLSTM\" " + closing + "; }", Map.of("FOUND", found.toString()));
    String expected = "0 is open\n1 is open\n2 is open\n";
    expected += closing.contains("<&-") ? "0 cannot be read\n" : "";
    expected += closing.matches(".*(^| )>&-.*") ? "1 cannot be written\n" : "";
    assertEquals(expected, Files.readString(found));
  }

  @ParameterizedTest
  @CsvSource({"flags : fpu avx avx2 fma, false", "flags : fpu avx, true", "Features : asimd, true"})
  void onlyWhereTheVectorApiComputesItGetsItsOptions(String processor, boolean vectors)
      throws Exception {
    Path features = Files.writeString(image.resolve("cpuinfo"), processor + " \n");
    String script = Files.readString(LAUNCHER).replace("/proc/cpuinfo", features.toString());
    write("bin/xlstm", script);
    write("bin/java", "#!/bin/sh\necho \"$*\"\n");
    String options = output("\"$XLSTM\"", Map.of());
    assertEquals(vectors, options.contains("EnableVectorSupport"), options);
    assertEquals(!vectors, options.contains("-XX:CompileThresholdScaling=4 "), options);
  }

  @Test
  void argumentsArriveAsTheyAre() throws Exception {
    write("bin/java", "#!/bin/sh\nfor last; do :; done; printf '%s' \"$last\"\n");
    assertEquals("F\u00fcr  *", output("\"$XLSTM\" \"$TEXT\"", Map.of("TEXT", "F\u00fcr  *")));
  }
}
