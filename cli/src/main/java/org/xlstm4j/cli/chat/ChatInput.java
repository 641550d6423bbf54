package org.xlstm4j.cli.chat;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.terminal.LineReader;
import org.xlstm4j.cli.terminal.Terminal;

/** What a person types: lines, of which one that ends in a backslash goes on in the next. */
final class ChatInput {
  private static final int LONGEST_LINE = 1 << 20;
  private static final int LONGEST = 1 << 22;

  private final Terminal terminal;
  private final LineReader lines;

  ChatInput(Terminal terminal) {
    this.terminal = terminal;
    lines = new LineReader(terminal.in(), LONGEST_LINE);
  }

  /**
   * Asks for a message.
   *
   * @return the message, or null at the end of the input
   * @throws IOException if it is longer than a few million characters
   */
  @Nullable String next() throws IOException {
    StringBuilder message = new StringBuilder();
    String line = line("> ");
    while (line != null && line.endsWith("\\")) {
      message.append(line, 0, line.length() - 1).append('\n');
      if (message.length() > LONGEST) {
        throw new IOException("a message of more than " + LONGEST + " characters");
      }
      line = line("... ");
    }
    if (line == null && message.isEmpty()) {
      return null;
    }
    return message.append(line == null ? "" : line).toString();
  }

  private @Nullable String line(String prompt) throws IOException {
    if (terminal.progress()) {
      terminal.err().print(prompt);
      terminal.err().flush();
    }
    String line = lines.next();
    return line != null && line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }
}
