package org.xlstm4j.cli.serve.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the memory that all requests take together for one purpose. Thread-safe. */
final class ByteBudget {
  private final long most;
  private final String purpose;
  private final AtomicLong taken = new AtomicLong();

  /**
   * A bound.
   *
   * @param most bytes
   * @param purpose what they are for, as refusals name it
   */
  ByteBudget(long most, String purpose) {
    this.most = most;
    this.purpose = purpose;
  }

  /**
   * Takes more.
   *
   * @throws ApiException if there is no room now
   */
  void take(long bytes) throws ApiException {
    if (taken.addAndGet(bytes) > most) {
      taken.addAndGet(-bytes);
      throw ApiException.overloaded(
          "the server is busy with " + purpose + " of more than " + most + " bytes",
          Duration.ofSeconds(2));
    }
  }

  /** Gives some back. */
  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
