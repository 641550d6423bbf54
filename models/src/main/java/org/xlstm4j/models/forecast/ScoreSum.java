package org.xlstm4j.models.forecast;

import java.util.Collections;
import java.util.List;

/** Adds up how good the forecasts of one series are, window by window. Not thread-safe. */
final class ScoreSum {
  private final SeasonalNaive naive;
  private final List<Double> levels;
  private final int lowest;
  private final int highest;
  private final double[] losses;
  private double magnitude;
  private int within;
  private int values;
  private double scaledErrors;
  private int scaledWindows;

  /**
   * Without forecasts.
   *
   * @param naive whose error in the past is the unit of errors
   * @param levels of all forecasts
   */
  ScoreSum(SeasonalNaive naive, List<Double> levels) {
    this.naive = naive;
    this.levels = levels;
    lowest = levels.indexOf(Collections.min(levels));
    highest = levels.indexOf(Collections.max(levels));
    losses = new double[levels.size()];
  }

  /**
   * Adds a forecast.
   *
   * @param past the values before it
   * @param actual the values that came, NaN where they are missing: these do not count
   * @param median the values expected
   * @param quantiles of the same steps
   */
  void add(float[] past, float[] actual, float[] median, Forecast quantiles) {
    double errors = 0;
    int present = 0;
    for (int step = 0; step < actual.length; step++) {
      double value = actual[step];
      if (Double.isNaN(value)) {
        continue;
      }
      present++;
      errors += Math.abs(value - median[step]);
      magnitude += Math.abs(value);
      for (int i = 0; i < losses.length; i++) {
        losses[i] += pinball(levels.get(i), value, quantiles.quantile(step, i));
      }
      boolean inBand =
          value >= quantiles.quantile(step, lowest) && value <= quantiles.quantile(step, highest);
      within += inBand ? 1 : 0;
    }
    values += present;
    double unit = naive.meanError(past);
    if (present > 0 && unit > 0) {
      scaledErrors += errors / present / unit;
      scaledWindows++;
    }
  }

  /**
   * What a forecast costs that misses the value from below by 1: the level; from above: the rest.
   */
  private static double pinball(double level, double value, double quantile) {
    double miss = value - quantile;
    return miss >= 0 ? level * miss : (level - 1) * miss;
  }

  /** The score of the forecasts so far. */
  ForecastScore score() {
    double loss = 0;
    for (double each : losses) {
      loss += 2 * each / magnitude / losses.length;
    }
    return new ForecastScore(
        scaledWindows == 0 ? Double.NaN : scaledErrors / scaledWindows,
        magnitude == 0 ? Double.NaN : loss,
        values == 0 || lowest == highest ? Double.NaN : (double) within / values,
        values);
  }
}
