package org.xlstm4j.bench.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xlstm4j.engine.Backend;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.limits.MachineLimits;
import org.xlstm4j.engine.threads.Team;

/**
 * Products of many tokens by the engine and by the native libraries that are found, in turns on the
 * same data.
 *
 * <pre>
 * BackEnds 1,2 512x1024x2048 196x384x1536
 * </pre>
 */
public final class BackEnds {
  private static final int ROUNDS = 9;
  private static final long ROUND_NANOS = 100_000_000;

  private BackEnds() {}

  /**
   * Prints GFLOP/s, medians of the rounds.
   *
   * @param arguments numbers of threads; then shapes, tokens x columns x rows
   */
  public static void main(String[] arguments) {
    List<Backend> found = found();
    System.out.println("| tokens x columns x rows | weights | threads | " + found + " | peak |");
    for (String threads : arguments[0].split(",", -1)) {
      Team team = Team.of(Integer.parseInt(threads));
      for (String shape : Arrays.asList(arguments).subList(1, arguments.length)) {
        for (WeightType type : List.of(WeightType.F32, WeightType.BF16)) {
          compare(found, shape, type, team);
        }
      }
    }
  }

  private static List<Backend> found() {
    List<Backend> found = new ArrayList<>();
    for (Backend backend : Backend.values()) {
      try {
        System.err.println(backend + ": " + backend.version());
        found.add(backend);
      } catch (IllegalStateException e) {
        System.err.println(e.getMessage());
      }
    }
    return found;
  }

  private static void compare(List<Backend> found, String shape, WeightType type, Team team) {
    String[] sizes = shape.split("x", -1);
    int tokens = Integer.parseInt(sizes[0]);
    int columns = Integer.parseInt(sizes[1]);
    int rows = Integer.parseInt(sizes[2]);
    try (RandomProduct product = new RandomProduct(type, rows, columns, tokens, team)) {
      Map<Backend, double[]> rates = new EnumMap<>(Backend.class);
      for (int round = -1; round < ROUNDS; round++) {
        for (Backend backend : found) {
          backend.use();
          double seconds = seconds(product);
          if (round >= 0) {
            rates.computeIfAbsent(backend, unused -> new double[ROUNDS])[round] =
                2e-9 * product.multiplyAdds() / seconds;
          }
        }
      }
      Backend.JVM.use();
      double peak = 2e-9 * MachineLimits.measure(team, 1).multiplyAddRate();
      StringBuilder line = new StringBuilder("| " + shape + " | " + type + " | " + team.size());
      rates
          .values()
          .forEach(values -> line.append(String.format(Locale.ROOT, " | %.0f", median(values))));
      System.out.printf(Locale.ROOT, "%s | %.0f |%n", line, peak);
    }
  }

  private static double seconds(RandomProduct product) {
    long begin = System.nanoTime();
    int count = 0;
    long now = begin;
    while (now - begin < ROUND_NANOS) {
      product.apply();
      count++;
      now = System.nanoTime();
    }
    return 1e-9 * (now - begin) / count;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
