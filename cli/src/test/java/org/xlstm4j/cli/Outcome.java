package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.cli.terminal.Terminal;

/**
 * What a command left behind.
 *
 * @param status its exit status
 * @param out its standard output
 * @param err its standard error
 */
public record Outcome(int status, String out, String err) {
  /** Runs a command whose standard input is empty. */
  public static Outcome of(String... arguments) {
    return ofInput("", arguments);
  }

  /** Runs a command with a text on its standard input. */
  public static Outcome ofInput(String input, String... arguments) {
    return ofInput(input.getBytes(UTF_8), arguments);
  }

  /** Runs a command with bytes on its standard input. */
  public static Outcome ofInput(byte[] input, String... arguments) {
    StringWriter out = new StringWriter();
    InputStream in = new ByteArrayInputStream(input);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = new Terminal(in, out, new PrintStream(err, true, UTF_8), false);
    int status = Main.run(terminal, arguments);
    return new Outcome(status, out.toString(), err.toString(UTF_8));
  }

  /** The golden case of a family. */
  public static Path golden(String family, String name) {
    return Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.golden")), family, name);
  }

  /** The folder of a shipped model. */
  public static Path pretrained(String name) {
    return Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")), name);
  }

  /** The command did its work and had nothing to say about it. */
  public Outcome assertDone() {
    assertEquals("", err);
    assertEquals(ExitStatus.DONE, status);
    return this;
  }

  /** The work failed: nothing but one line, on standard error, that holds these words. */
  void assertFailed(String... words) {
    assertOneLine(ExitStatus.FAILED, words);
  }

  /** The command line was wrong, told as in {@link #assertFailed}. */
  void assertWrongUsage(String... words) {
    assertOneLine(ExitStatus.USAGE, words);
  }

  private void assertOneLine(int expected, String... words) {
    assertEquals(expected, status, err);
    assertEquals("", out);
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.startsWith("xlstm") && err.endsWith("\n"), err);
    for (String word : words) {
      assertTrue(err.contains(word), "'" + word + "' is not in: " + err);
    }
  }
}
