package org.xlstm4j.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.Locale;

/** The distribution of step times, in nanoseconds. */
final class StepTimes {
  private static final int BARS = 48;

  private final long[] nanoseconds;
  private int count;

  /** Room for some steps. */
  StepTimes(int capacity) {
    nanoseconds = new long[capacity];
  }

  void add(long time) {
    nanoseconds[count++] = time;
  }

  /** Sorts; to be called once, after the last step. */
  void finish() {
    Arrays.sort(nanoseconds, 0, count);
  }

  int count() {
    return count;
  }

  double meanMicroseconds() {
    return Arrays.stream(nanoseconds, 0, count).average().orElse(0) * 1e-3;
  }

  /** The time that a share of the steps does not exceed. */
  double microseconds(double share) {
    int index = (int) Math.ceil(share * count) - 1;
    return nanoseconds[Math.clamp(index, 0, count - 1)] * 1e-3;
  }

  /** A line for each factor of the fourth root of two, from the shortest to the longest time. */
  void histogram(Writer out) throws IOException {
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

  private static int bin(long time) {
    return (int) Math.floor(4 * Math.log((double) Math.max(time, 1)) / Math.log(2));
  }
}
