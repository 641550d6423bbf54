package org.xlstm4j.models.action;

/** Watches the time of a session's steps against its budget. Read from the session's thread. */
public final class StepTimer {
  private long budget = Long.MAX_VALUE;
  private long period = Long.MAX_VALUE;
  private long previousStart;
  private boolean started;
  private long steps;
  private long missed;
  private long late;
  private long last;
  private long worst;

  /** Nothing is watched yet. */
  public StepTimer() {}

  /** Steps watched. */
  public long steps() {
    return steps;
  }

  /** Steps that took longer than the budget. */
  public long missed() {
    return missed;
  }

  /** Steps whose observation came more than half a period late. */
  public long late() {
    return late;
  }

  /** Duration of the last step in nanoseconds. */
  public long lastNanoseconds() {
    return last;
  }

  /** Duration of the longest step in nanoseconds. */
  public long worstNanoseconds() {
    return worst;
  }

  /**
   * Sets the time a step may take.
   *
   * @param nanoseconds above 0
   */
  public void budget(long nanoseconds) {
    budget = positive(nanoseconds);
  }

  /**
   * Sets the time from one observation to the next.
   *
   * @param nanoseconds above 0
   */
  public void period(long nanoseconds) {
    period = positive(nanoseconds);
  }

  /** An episode begins: the time since the last step says nothing. */
  public void restart() {
    started = false;
  }

  /** Forgets what was counted. */
  public void clear() {
    steps = 0;
    missed = 0;
    late = 0;
    last = 0;
    worst = 0;
  }

  /**
   * Counts a step.
   *
   * @param start when its observation came, by {@link System#nanoTime}
   * @param end when its action was there
   * @return whether it stayed within the budget
   */
  public boolean add(long start, long end) {
    last = end - start;
    worst = Math.max(worst, last);
    steps++;
    if (last > budget) {
      missed++;
    }
    if (started && start - previousStart - period > period / 2) {
      late++;
    }
    previousStart = start;
    started = true;
    return last <= budget;
  }

  private static long positive(long nanoseconds) {
    if (nanoseconds < 1) {
      throw new IllegalArgumentException(nanoseconds + " nanoseconds");
    }
    return nanoseconds;
  }
}
