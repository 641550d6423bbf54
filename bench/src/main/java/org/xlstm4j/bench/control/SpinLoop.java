package org.xlstm4j.bench.control;

import org.xlstm4j.models.action.StepTimes;

/**
 * A thread that does the same dependent additions again and again, as many as take some time, and
 * notes how long they took: with nothing in the way, always the same.
 */
final class SpinLoop implements Runnable {
  private static final int CALIBRATION = 1 << 24;

  private final Thread thread = new Thread(this, "spin");
  private final long nanoseconds;
  private final StepTimes times;
  private volatile boolean stopped;

  /** Results, so that the counting is not left out. */
  @SuppressWarnings("UnusedVariable")
  private volatile long sink;

  /**
   * A loop.
   *
   * @param nanoseconds how long a round is to take
   * @param capacity most rounds
   */
  SpinLoop(long nanoseconds, int capacity) {
    this.nanoseconds = nanoseconds;
    times = new StepTimes(capacity);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends the loop after the round it is in. */
  void finish() throws InterruptedException {
    stopped = true;
    thread.join();
  }

  StepTimes times() {
    return times;
  }

  @Override
  public void run() {
    for (int i = 0; i < 10; i++) {
      sink = count(CALIBRATION, i);
    }
    long start = System.nanoTime();
    sink = count(CALIBRATION, 1);
    double each = (double) (System.nanoTime() - start) / CALIBRATION;
    int rounds = (int) (nanoseconds / each);
    for (int i = 0; i < times.capacity() && !stopped; i++) {
      long from = System.nanoTime();
      sink = count(rounds, i);
      times.add(System.nanoTime() - from);
    }
  }

  /** Each multiplication needs the one before it, so that nothing can be left out. */
  private static long count(int rounds, long seed) {
    long value = seed;
    for (int i = 0; i < rounds; i++) {
      value = value * 6364136223846793005L + 1442695040888963407L;
    }
    return value;
  }
}
