package org.xlstm4j.cli.terminal;

import java.io.PrintStream;

/** A progress bar on one line of a terminal; silent where nobody watches. */
public final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final long PAUSE_NANOS = 100_000_000;

  private final PrintStream err;
  private final boolean watched;
  private final String what;
  private final long start = System.nanoTime();
  private long drawn;
  private boolean open;

  public Progress(Terminal terminal, String what) {
    this.err = terminal.err();
    this.watched = terminal.progress();
    this.what = what;
  }

  /** Draws the bar, at most ten times a second. */
  public void update(long done, long total) {
    long now = System.nanoTime();
    if (!watched || total <= 0 || (now - drawn < PAUSE_NANOS && done < total)) {
      return;
    }
    drawn = now;
    open = true;
    int filled = (int) (WIDTH * done / total);
    double seconds = (now - start) * 1e-9;
    double left = done == 0 ? 0 : seconds / done * (total - done);
    err.printf(
        "\r%s [%s%s] %3d%% %d/%d, %.0f s left ",
        what,
        "#".repeat(filled),
        " ".repeat(WIDTH - filled),
        100 * done / total,
        done,
        total,
        left);
    err.flush();
  }

  /** Removes the bar. */
  @Override
  public void close() {
    if (open) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
