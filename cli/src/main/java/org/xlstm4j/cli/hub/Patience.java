package org.xlstm4j.cli.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** How often and how soon something is tried again. Not thread-safe. */
final class Patience {
  /** Attempts without progress. */
  private static final int ATTEMPTS = 5;

  /** The longest wait that a server may ask for. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Pause pause;
  private int failures;

  /** Waits. */
  interface Pause {
    void pause(Duration duration) throws InterruptedException;
  }

  Patience(Pause pause) {
    this.pause = pause;
  }

  /** Something went well: what fails now is a new failure. */
  void renew() {
    failures = 0;
  }

  /**
   * Waits before the next attempt.
   *
   * @throws IOException the failure, if there were enough attempts or the wait would be too long
   */
  void after(PassingException failure) throws IOException {
    failures++;
    Duration asked = failure.waitAsked();
    if (asked != null && asked.compareTo(LONGEST) > 0) {
      throw new IOException(
          failure.getMessage() + "; asks to try again in " + asked.toSeconds() + " s", failure);
    }
    if (failures == ATTEMPTS) {
      throw new IOException(failure.getMessage() + " (" + ATTEMPTS + " attempts)", failure);
    }
    Duration usual = Duration.ofSeconds(1L << (failures - 1));
    try {
      pause.pause(asked == null || asked.compareTo(usual) < 0 ? usual : asked);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
