package org.xlstm4j.cli.serve.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bodies of all requests together, from their first byte to the answer. Thread-safe. */
final class BodyMemory {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /**
   * A bound.
   *
   * @param most bytes
   */
  BodyMemory(long most) {
    this.most = most;
  }

  /**
   * Takes room for more of a body.
   *
   * @throws ApiException if there is none now
   */
  void take(int bytes) throws ApiException {
    if (taken.addAndGet(bytes) > most) {
      taken.addAndGet(-bytes);
      throw ApiException.overloaded(
          "the server is busy with requests of more than " + most + " bytes",
          Duration.ofSeconds(2));
    }
  }

  /** Gives room back. */
  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
