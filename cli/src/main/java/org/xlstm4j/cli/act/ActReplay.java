package org.xlstm4j.cli.act;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.terminal.LineReader;
import org.xlstm4j.loader.config.Config;

/**
 * Plays a recording: the same requests at the recording's own times bring the same answers, bit for
 * bit, or the first that differs is an error.
 */
public final class ActReplay {
  /** A request and its answer; a text of control characters is six times as long in JSON. */
  private static final int LONGEST_LINE = 7 * ActServer.LONGEST_LINE;

  private final Path file;
  private final ActSettings settings;
  private final ActOrigin origin;

  /** A recording, of which the head is read. */
  public ActReplay(Path file) throws IOException {
    this.file = file;
    try (InputStream in = Files.newInputStream(file)) {
      String head = new LineReader(in, LONGEST_LINE).next();
      if (head == null) {
        throw new IOException(file + ": empty, expected a recording");
      }
      Config parsed = Config.parse(file, head);
      settings = ActSettings.of(file, parsed);
      origin = ActOrigin.of(parsed);
    }
  }

  /** The settings it was made with, with which it is to be played. */
  public ActSettings settings() {
    return settings;
  }

  /** The name of the model it was made with. */
  public String model() {
    return origin.model();
  }

  /**
   * Plays it.
   *
   * @param sessions of its settings
   * @param now what plays it, for the error
   * @return how many answers were the same
   * @throws IOException at the first that is not
   */
  public long run(ActSessions sessions, ActOrigin now) throws IOException {
    Clock clock = new Clock();
    ActServer server = new ActServer(sessions, clock, null);
    server.beginAsSet();
    try (InputStream in = Files.newInputStream(file)) {
      LineReader lines = new LineReader(in, LONGEST_LINE);
      String line = lines.next();
      long count = 0;
      for (line = lines.next(); line != null; line = lines.next()) {
        compare(server, clock, line, count, now);
        count++;
      }
      return count;
    }
  }

  private void compare(ActServer server, Clock clock, String line, long same, ActOrigin now)
      throws IOException {
    RecordedExchange exchange;
    try {
      exchange = RecordedExchange.parse(line);
    } catch (IOException e) {
      throw new IOException(
          file
              + ": line "
              + (same + 2)
              + ": "
              + e.getMessage()
              + "; the "
              + same
              + " answers before it are the same",
          e);
    }
    clock.begin(exchange);
    String request = exchange.request();
    String answer = request == null ? exchange.answer() : server.answer(request);
    server.settle();
    if (!answer.equals(exchange.answer())) {
      throw new IOException(
          file
              + ": line "
              + (same + 2)
              + ": found "
              + answer
              + ", expected "
              + exchange.answer()
              + "; "
              + origin.differences(now));
    }
  }

  /** The recording's time: when a step begins, then when it ends. */
  private static final class Clock implements LongSupplier {
    private @Nullable RecordedExchange exchange;
    private boolean begun;

    void begin(RecordedExchange next) {
      exchange = next;
      begun = false;
    }

    @Override
    public long getAsLong() {
      if (exchange == null) {
        return 0;
      }
      long time = exchange.time() + (begun ? exchange.duration() : 0);
      begun = true;
      return time;
    }
  }
}
