package org.xlstm4j.bench.series;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.AnchoredSession;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastSession;

/**
 * How far anchored forecasts are from plain ones, and both from what came: mean absolute errors of
 * the median over many origins, in standard deviations of the series.
 *
 * <pre>
 * AnchoredError MODEL FILE.csv...
 * </pre>
 *
 * <p>The values are the last column of each file.
 */
final class AnchoredError {
  private static final int HORIZON = 32;

  /** Values between two origins. */
  private static final int APART = 7;

  private AnchoredError() {}

  /**
   * Runs it.
   *
   * @param arguments folder of a model, and files
   */
  public static void main(String[] arguments) throws IOException {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    try (ForecastModel model = ForecastModel.open(Path.of(arguments[0]))) {
      out.println("series  stride  anchored anew after  origins  plain  anchored  apart");
      for (String file : List.of(arguments).subList(1, arguments.length)) {
        float[] series = read(Path.of(file));
        for (int stride : new int[] {1, 8, model.patchLength()}) {
          for (int anew : new int[] {Integer.MAX_VALUE, 256, 64}) {
            compare(out, model, Path.of(file).getFileName().toString(), series, stride, anew);
          }
        }
      }
    }
  }

  private static void compare(
      PrintWriter out, ForecastModel model, String name, float[] series, int stride, int anew) {
    AnchoredSession anchored = model.newAnchoredSessions(1, stride, Team.of(1)).getFirst();
    ForecastSession plain = model.newSession(Team.of(1));
    int begin = Math.min(model.contextLength(), series.length / 2);
    double[] errors = new double[3];
    int origins = 0;
    for (int i = 0; i < series.length - HORIZON; i++) {
      anchored.add(series[i]);
      plain.add(series[i]);
      boolean due = i >= begin && (i - begin) % anew == 0;
      if (due && (i > begin || !anchored.isAnchored())) {
        anchored.anchor();
      }
      if (i > begin && (i - begin) % APART == 0) {
        float[] exact = plain.forecast(HORIZON, HORIZON / model.patchLength()).median();
        float[] frozen = anchored.forecast(HORIZON).median();
        origins++;
        for (int step = 0; step < HORIZON; step++) {
          float came = series[i + 1 + step];
          errors[0] += Float.isNaN(came) ? 0 : Math.abs(exact[step] - came);
          errors[1] += Float.isNaN(came) ? 0 : Math.abs(frozen[step] - came);
          errors[2] += Math.abs(frozen[step] - exact[step]);
        }
      }
    }
    double unit = deviation(series) * origins * HORIZON;
    out.printf(
        Locale.ROOT,
        "%s  %d  %s  %d  %.4f  %.4f  %.4f%n",
        name,
        stride,
        anew == Integer.MAX_VALUE ? "never" : String.valueOf(anew),
        origins,
        errors[0] / unit,
        errors[1] / unit,
        errors[2] / unit);
  }

  private static double deviation(float... series) {
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (float value : series) {
      if (!Float.isNaN(value)) {
        sum += value;
        squares += (double) value * value;
        count++;
      }
    }
    double mean = sum / count;
    return Math.sqrt(squares / count - mean * mean);
  }

  private static float[] read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    float[] values = new float[lines.size() - 1];
    for (int i = 0; i < values.length; i++) {
      String field = lines.get(i + 1).replaceAll(".*,", "").strip();
      values[i] = field.isEmpty() ? Float.NaN : Float.parseFloat(field);
    }
    return values;
  }
}
