package org.xlstm4j.models.forecast;

import java.util.Arrays;
import java.util.List;

/**
 * The forecast that any other must beat: each value is that of the season before. Missing values
 * are NaN. If a value is missing, that of the season before it is taken; if all of these are
 * missing, the last value that is there.
 *
 * <p>Its quantiles come from the past's differences between values a season apart, without a
 * distribution assumed: the median is the forecast value itself, and the band between the levels
 * {@code (1 - p) / 2} and {@code (1 + p) / 2} reaches as far to both sides as the {@code
 * p}-quantile of the differences' magnitudes, times {@code sqrt(k)} in the {@code k}th season
 * ahead, since the errors of seasons add up.
 *
 * @param season number of values after which the series repeats, at least 1; 1 repeats the last
 *     value
 */
public record SeasonalNaive(int season) {
  /** Checks the season. */
  public SeasonalNaive {
    if (season < 1) {
      throw new IllegalArgumentException("a season of " + season + " values");
    }
  }

  /**
   * The values forecast.
   *
   * @param past with at least one value that is not missing
   * @param horizon how many values, at least 1
   * @return the values that follow
   */
  public float[] values(float[] past, int horizon) {
    float[] values = new float[horizon];
    for (int step = 0; step < horizon; step++) {
      int index = past.length - season + step % season;
      while (index >= 0 && Float.isNaN(past[index])) {
        index -= season;
      }
      values[step] = index >= 0 ? past[index] : last(past);
    }
    return values;
  }

  private static float last(float[] past) {
    int index = past.length - 1;
    while (index > 0 && Float.isNaN(past[index])) {
      index--;
    }
    return past[index];
  }

  /**
   * The forecast with quantiles.
   *
   * @param past with at least one value that is not missing
   * @param horizon how many values, at least 1
   * @param levels of the quantiles
   * @return the quantiles of the values that follow
   */
  public Forecast forecast(float[] past, int horizon, List<Double> levels) {
    double[] sizes = differences(past);
    Arrays.sort(sizes);
    float[] values = values(past, horizon);
    float[] quantiles = new float[Math.multiplyExact(horizon, levels.size())];
    for (int i = 0; i < levels.size(); i++) {
      double fromMedian = 2 * levels.get(i) - 1;
      double reach = Math.signum(fromMedian) * quantile(sizes, Math.abs(fromMedian));
      for (int step = 0; step < horizon; step++) {
        int seasons = step / season + 1;
        quantiles[step * levels.size() + i] = (float) (values[step] + reach * Math.sqrt(seasons));
      }
    }
    return new Forecast(levels, horizon, horizon, quantiles);
  }

  /**
   * The mean error of this forecast, one season ahead, over a past: what MASE divides by.
   *
   * @param past with missing values or without
   * @return NaN if no two values of it lie a season apart
   */
  public double meanError(float[] past) {
    return Arrays.stream(differences(past)).average().orElse(Double.NaN);
  }

  /** Magnitudes of the differences between values a season apart. */
  private double[] differences(float[] past) {
    double[] sizes = new double[Math.max(past.length - season, 0)];
    int count = 0;
    for (int i = season; i < past.length; i++) {
      double size = Math.abs((double) past[i] - past[i - season]);
      if (!Double.isNaN(size)) {
        sizes[count] = size;
        count++;
      }
    }
    return Arrays.copyOf(sizes, count);
  }

  /** A quantile of sorted values, on the straight line between neighbors; 0 without values. */
  private static double quantile(double[] sorted, double level) {
    if (sorted.length == 0) {
      return 0;
    }
    double place = level * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
