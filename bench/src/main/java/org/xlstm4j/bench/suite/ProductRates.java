package org.xlstm4j.bench.suite;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.limits.LimitProbe;
import org.xlstm4j.engine.limits.MachineLimits;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.tokens.Columns;

/**
 * Times products of weights with one or a few tokens, with all that is around them: quantizing the
 * tokens, threads, results. {@code bench/products} calls it interleaved with ggml.
 *
 * <pre>
 * ProductRates ROWS COLUMNS TOKENS SECONDS
 * </pre>
 */
public final class ProductRates {
  private static final long WARM_NANOS = 300_000_000;

  private ProductRates() {}

  /**
   * Prints a CSV line for each type and one and two threads: the time of a product, the better of
   * two medians, weights times tokens per second, bytes of weights per second, and their share of
   * the rate at which as many bytes were read meanwhile. Standard error says which kernels were in
   * use.
   *
   * @param arguments rows, columns, tokens, seconds of each measurement
   */
  public static void main(String[] arguments) {
    int rows = Integer.parseInt(arguments[0]);
    int columns = Integer.parseInt(arguments[1]);
    int tokens = Integer.parseInt(arguments[2]);
    double seconds = Double.parseDouble(arguments[3]);
    System.out.println(
        "type,threads,tokens,milliseconds,giga weights x tokens per second,GB per second,share of"
            + " read rate");
    for (WeightType type : List.of(WeightType.F32, WeightType.BF16, WeightType.Q8, WeightType.Q4)) {
      for (int threads = 1; threads <= 2; threads++) {
        measure(type, rows, columns, tokens, threads, seconds);
      }
    }
    System.err.println(WarmUp.description());
  }

  private static void measure(
      WeightType type, int rows, int columns, int tokens, int threads, double seconds) {
    Team team = Team.of(threads);
    try (RandomProduct product = new RandomProduct(type, rows, columns, tokens, team);
        LimitProbe probe = new LimitProbe(team, product.byteSize())) {
      warm(product);
      probe.restart();
      probe.sample();
      double time = medianTime(product, seconds / 2);
      probe.sample();
      time = Math.min(time, medianTime(product, seconds / 2));
      probe.sample();
      MachineLimits limits = probe.limits();
      double bytes = product.byteSize() / time;
      System.out.printf(
          Locale.ROOT,
          "%s,%d,%d,%.6f,%.2f,%.2f,%.2f%n",
          type,
          threads,
          tokens,
          1e3 * time,
          1e-9 * product.multiplyAdds() / time,
          1e-9 * bytes,
          bytes / limits.readRate());
    }
  }

  private static void warm(RandomProduct product) {
    long end = System.nanoTime() + WARM_NANOS;
    while (System.nanoTime() < end) {
      use(product.apply());
    }
  }

  private static double medianTime(RandomProduct product, double seconds) {
    long end = System.nanoTime() + (long) (1e9 * seconds);
    long[] times = new long[1 << 20];
    int count = 0;
    long now = System.nanoTime();
    while (count < 3 || (now < end && count < times.length)) {
      long start = now;
      use(product.apply());
      now = System.nanoTime();
      times[count++] = now - start;
    }
    Arrays.sort(times, 0, count);
    return 1e-9 * times[count / 2];
  }

  private static void use(Columns result) {
    if (Float.isNaN(result.data()[0])) {
      throw new IllegalStateException("the product is no number");
    }
  }
}
