package org.xlstm4j.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of text from somebody else's program: no line makes it hold more than a limit. */
public final class LineReader {
  private final InputStream in;
  private final int limit;
  private byte[] line = new byte[1 << 12];

  /**
   * A reader.
   *
   * @param in UTF-8 text
   * @param limit most bytes of a line
   */
  public LineReader(InputStream in, int limit) {
    this.in = new BufferedInputStream(in);
    this.limit = limit;
  }

  /** A line was longer than the limit; what follows it can be read. */
  public static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(String message) {
      super(message);
    }
  }

  /**
   * The next line without its end.
   *
   * @return the line, or null at the end of the input
   * @throws TooLongException if the line exceeds the limit; it has been skipped
   */
  public @Nullable String next() throws IOException {
    int length = 0;
    int read = in.read();
    if (read < 0) {
      return null;
    }
    for (; read >= 0 && read != '\n'; read = in.read()) {
      if (length < limit) {
        if (length == line.length) {
          line = Arrays.copyOf(line, Math.min(2 * length, limit));
        }
        line[length] = (byte) read;
      }
      length = Math.min(length + 1, limit + 1);
    }
    if (length > limit) {
      throw new TooLongException("a line longer than " + limit + " bytes");
    }
    return new String(line, 0, length, UTF_8);
  }
}
