package org.xlstm4j.models.action;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.Locale;

/**
 * The durations of a run's steps and their distribution. All room is taken at the start, so that
 * nothing is allocated while the steps run. Not thread-safe.
 */
public final class StepTimes {
  private static final int BARS = 48;

  private final long[] nanoseconds;
  private int count;
  private boolean sorted;

  /**
   * Room for some steps.
   *
   * @param capacity most steps that can be added
   */
  public StepTimes(int capacity) {
    nanoseconds = new long[capacity];
  }

  /**
   * Adds a step.
   *
   * @param time its duration in nanoseconds
   */
  public void add(long time) {
    nanoseconds[count++] = time;
    sorted = false;
  }

  /** Most steps that can be added. */
  public int capacity() {
    return nanoseconds.length;
  }

  /** Steps added. */
  public int count() {
    return count;
  }

  /**
   * The mean duration.
   *
   * @return microseconds; 0 without steps
   */
  public double meanMicroseconds() {
    return Arrays.stream(nanoseconds, 0, count).average().orElse(0) * 1e-3;
  }

  /**
   * The duration that a share of the steps does not exceed.
   *
   * @param share 0 to 1: 0.5 is the median, 1 the longest step
   * @return microseconds; 0 without steps
   */
  public double microseconds(double share) {
    if (count == 0) {
      return 0;
    }
    sort();
    int index = (int) Math.ceil(share * count) - 1;
    return nanoseconds[Math.clamp(index, 0, count - 1)] * 1e-3;
  }

  /**
   * Writes a line for each factor of the fourth root of two, from the shortest to the longest step:
   * where it begins, how many steps are in it, and a bar.
   *
   * @param out receives the lines; left open
   * @throws IOException if it does not take them
   */
  public void histogram(Writer out) throws IOException {
    if (count == 0) {
      return;
    }
    sort();
    int lowest = bin(nanoseconds[0]);
    int[] bins = new int[bin(nanoseconds[count - 1]) - lowest + 1];
    for (int i = 0; i < count; i++) {
      bins[bin(nanoseconds[i]) - lowest]++;
    }
    int largest = Arrays.stream(bins).max().orElse(1);
    for (int i = 0; i < bins.length; i++) {
      if (bins[i] > 0) {
        String bar = "#".repeat((int) Math.ceil((double) bins[i] * BARS / largest));
        double from = Math.pow(2, (lowest + i) / 4.0) * 1e-3;
        out.write(String.format(Locale.ROOT, "%10.1f us %9d %s%n", from, bins[i], bar));
      }
    }
  }

  private void sort() {
    if (!sorted) {
      Arrays.sort(nanoseconds, 0, count);
      sorted = true;
    }
  }

  private static int bin(long time) {
    return (int) Math.floor(4 * Math.log((double) Math.max(time, 1)) / Math.log(2));
  }
}
