package org.xlstm4j.models.forecast;

/**
 * How far observed values lie outside of what was forecast for them.
 *
 * <pre>
 * half  = (highest quantile - lowest quantile) / 2
 * score = 0                                       between the two
 *         (value - highest quantile) / half       above
 *         (lowest quantile - value) / half        below
 * </pre>
 *
 * <p>With levels from 0.1 to 0.9 about one value in five of a series that goes on as before has a
 * score above 0; where errors are normally distributed, one in 100 has a score above 1, and one in
 * 8000 a score above 2. The half is at least a millionth of the quantiles' magnitude, so that a
 * series whose values are all equal has finite scores.
 */
public final class AnomalyScore {
  /** Half of the narrowest band, over its magnitude. */
  private static final double NARROWEST = 1e-6;

  private AnomalyScore() {}

  /**
   * The score of one value.
   *
   * @param forecast made before the value was known
   * @param step which value, 0 for the one that followed the series
   * @param value what was observed, NaN if it is missing
   * @return 0 or more; NaN for a missing value
   * @throws IndexOutOfBoundsException if the forecast does not reach that far
   */
  public static float of(Forecast forecast, int step, float value) {
    double lowest = forecast.quantile(step, 0);
    double highest = lowest;
    for (int level = 1; level < forecast.levels().size(); level++) {
      double quantile = forecast.quantile(step, level);
      lowest = Math.min(lowest, quantile);
      highest = Math.max(highest, quantile);
    }
    double narrowest = NARROWEST * Math.max(Math.abs(lowest), Math.abs(highest));
    double half = Math.max((highest - lowest) / 2, Math.max(narrowest, Float.MIN_NORMAL));
    double outside = Math.max(value - highest, lowest - value);
    return (float) (Math.max(outside, 0) / half);
  }

  /**
   * The scores of the values that followed a series.
   *
   * @param forecast made before they were known
   * @param values as many as were forecast or fewer, NaN where they are missing
   * @return a score a value
   * @throws IndexOutOfBoundsException if there are more values than were forecast
   */
  public static float[] ofAll(Forecast forecast, float... values) {
    float[] scores = new float[values.length];
    for (int step = 0; step < values.length; step++) {
      scores[step] = of(forecast, step, values[step]);
    }
    return scores;
  }
}
