package org.xlstm4j.models.forecast;

import java.util.List;
import java.util.Objects;

/**
 * The quantiles of the values that follow a series.
 *
 * <p>They are not corrected: those of neighboring levels may cross where the network is unsure.
 *
 * @param levels of the quantiles, such as 0.1 to 0.9
 * @param horizon number of values forecast
 * @param reach how many of them, from the first on, depend on the series; later ones are the same
 *     for every series, since the network sees nothing of the series any more
 * @param quantiles {@code [horizon][levels]}, in the units of the series
 */
@SuppressWarnings("ArrayRecordComponent") // a result: its receiver owns it
public record Forecast(List<Double> levels, int horizon, int reach, float[] quantiles) {
  /** Copies the levels and checks the numbers. */
  public Forecast {
    levels = List.copyOf(levels);
    if (reach < 0 || reach > horizon) {
      throw new IllegalArgumentException("a reach of " + reach + " of " + horizon + " values");
    }
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
   * @throws IndexOutOfBoundsException if there is no such step or level
   */
  public float quantile(int step, int level) {
    Objects.checkIndex(step, horizon);
    Objects.checkIndex(level, levels.size());
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
