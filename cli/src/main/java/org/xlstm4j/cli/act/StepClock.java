package org.xlstm4j.cli.act;

import java.util.function.LongSupplier;

/** A guard's clock that remembers when the step of an exchange began, and how long it took. */
final class StepClock implements LongSupplier {
  private final LongSupplier source;
  private boolean begun;
  private long start;
  private long last;

  StepClock(LongSupplier source) {
    this.source = source;
  }

  /**
   * A line came in.
   *
   * @param time of the exchange, unless it turns out to be a step
   */
  void exchange(long time) {
    begun = false;
    start = time;
    last = time;
  }

  @Override
  public long getAsLong() {
    last = source.getAsLong();
    if (!begun) {
      begun = true;
      start = last;
    }
    return last;
  }

  /** When the step began. */
  long start() {
    return start;
  }

  /** Nanoseconds that the step took; 0 if there was none. */
  long duration() {
    return last - start;
  }
}
