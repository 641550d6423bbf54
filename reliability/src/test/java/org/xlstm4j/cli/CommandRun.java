package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.cli.terminal.Terminal;

/** Runs commands in this process. */
public final class CommandRun {
  private CommandRun() {}

  /**
   * Runs a command that must succeed.
   *
   * @param input on its standard input
   * @param arguments the command and its options
   * @throws IOException with what it wrote to standard error, if it failed
   */
  public static void of(String input, String... arguments) throws IOException {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new StringWriter(),
            new PrintStream(err, true, UTF_8),
            false);
    if (Main.run(terminal, arguments) != ExitStatus.DONE) {
      throw new IOException(err.toString(UTF_8));
    }
  }
}
