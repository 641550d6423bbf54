package org.xlstm4j.cli.act;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import org.xlstm4j.cli.terminal.LineReader;
import org.xlstm4j.loader.config.Config;

/** Reads what robots send, and what was recorded of it, from bytes that are in no file. */
public final class ActLines {
  private ActLines() {}

  /** A request of a robot. */
  public static Object request(String line) throws IOException {
    return ActRequest.parse(line);
  }

  /** A recording: its head, and the exchanges behind it. */
  public static Object recording(Path name, byte[] text) throws IOException {
    LineReader lines = new LineReader(new ByteArrayInputStream(text), ActServer.LONGEST_LINE);
    String head = lines.next();
    Config parsed = Config.parse(name, head == null ? "" : head);
    ActSettings settings = ActSettings.of(name, parsed);
    ActOrigin origin = ActOrigin.of(parsed);
    for (String line = lines.next(); line != null; line = lines.next()) {
      RecordedExchange.parse(line);
    }
    return settings.head(origin);
  }

  /** The answers to a robot's lines. */
  public static String answers(ActSessions sessions, byte[] lines) throws IOException {
    StringWriter answers = new StringWriter();
    new ActServer(sessions, () -> 0, null).run(new ByteArrayInputStream(lines), answers);
    return answers.toString();
  }
}
