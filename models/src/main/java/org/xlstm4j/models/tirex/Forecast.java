package org.xlstm4j.models.tirex;

import java.util.List;

/**
 * The quantiles of the values that follow a series.
 *
 * <p>They are the network's as they are: those of neighbouring levels may cross where the network
 * is unsure.
 *
 * @param levels of the quantiles, such as 0.1 to 0.9
 * @param horizon number of values forecast
 * @param quantiles {@code [horizon][levels]}, in the units of the series
 */
@SuppressWarnings("ArrayRecordComponent") // a result: its receiver owns it
public record Forecast(List<Double> levels, int horizon, float[] quantiles) {
  /** Copies the levels and checks the lengths. */
  public Forecast {
    levels = List.copyOf(levels);
    if (quantiles.length != Math.multiplyExact(horizon, levels.size())) {
      throw new IllegalArgumentException(
          quantiles.length + " quantiles of " + levels.size() + " levels for " + horizon);
    }
  }

  /**
   * One quantile.
   *
   * @param step which value, 0 for the one that follows the series
   * @param level index into {@link #levels}
   * @return the quantile
   */
  public float quantile(int step, int level) {
    return quantiles[step * levels.size() + level];
  }

  /**
   * The quantile of level 0.5, the model's point forecast.
   *
   * @return {@code horizon} values
   */
  public float[] median() {
    int level = levels.indexOf(0.5);
    float[] median = new float[horizon];
    for (int step = 0; step < horizon; step++) {
      median[step] = quantile(step, level);
    }
    return median;
  }
}
