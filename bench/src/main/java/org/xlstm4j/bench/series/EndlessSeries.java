package org.xlstm4j.bench.series;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.AnchoredSession;
import org.xlstm4j.models.forecast.ForecastModel;

/**
 * Adds values to an anchored session, with a forecast every stride of them, and reports what a
 * value takes and what memory the process has, a line for each tenth of the run.
 *
 * <pre>
 * EndlessSeries MODEL VALUES STRIDE SERIES
 * </pre>
 */
final class EndlessSeries {
  private static final int LINES = 10;
  private static final int HORIZON = 32;

  private EndlessSeries() {}

  /**
   * Runs it.
   *
   * @param arguments folder of a model, number of values of each series, stride, number of series
   */
  public static void main(String[] arguments) throws IOException {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    int values = Integer.parseInt(arguments[1]);
    int stride = Integer.parseInt(arguments[2]);
    int count = Integer.parseInt(arguments[3]);
    try (ForecastModel model = ForecastModel.open(Path.of(arguments[0]))) {
      List<AnchoredSession> sessions = model.newAnchoredSessions(count, stride, Team.of(1));
      float[] next = new float[stride];
      long[] times = new long[values / stride / LINES];
      out.println("values so far  p50 us/value  p99 us/value  resident MB");
      int step = 0;
      for (int line = 1; line <= LINES; line++) {
        for (int i = 0; i < times.length; i++, step++) {
          long start = System.nanoTime();
          for (AnchoredSession session : sessions) {
            fill(next, step * (long) stride);
            session.add(next);
            session.forecast(HORIZON);
          }
          times[i] = (System.nanoTime() - start) / stride / count;
        }
        Arrays.sort(times);
        out.printf(
            Locale.ROOT,
            "%13d  %12.2f  %12.2f  %11.1f%n",
            step * (long) stride,
            times[times.length / 2] / 1e3,
            times[times.length * 99 / 100] / 1e3,
            residentKilobytes() / 1024.0);
      }
    }
  }

  /** A season of a day on one of a year, with noise that repeats after a prime number of values. */
  private static void fill(float[] values, long first) {
    for (int i = 0; i < values.length; i++) {
      long at = first + i;
      double noise = (at * 7919 % 10_007) / 10_007.0 - 0.5;
      double day = Math.sin(at * Math.PI / 12);
      double year = Math.sin(at * Math.PI / 4380);
      values[i] = (float) (20 + 5 * day + 3 * year + noise);
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
