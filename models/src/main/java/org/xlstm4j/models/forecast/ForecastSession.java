package org.xlstm4j.models.forecast;

/**
 * One series that grows: values are added as they come, and a forecast of what follows can be asked
 * for at any time. A forecast changes nothing, and is that of {@link ForecastModel#forecast} for
 * all values added so far. Of these only the last {@link ForecastModel#contextLength()} are kept,
 * and what a model must know of all.
 *
 * <p>Not thread-safe; different sessions of one model may run in different threads.
 */
public interface ForecastSession {
  /**
   * Adds values at the end of the series.
   *
   * @param newValues in their order, NaN where they are missing
   * @throws IllegalArgumentException if one is beyond {@link ForecastModel#LARGEST_VALUE}; then
   *     none is added
   */
  void add(float... newValues);

  /**
   * Values added so far.
   *
   * @return 0 for a new session
   */
  long length();

  /**
   * Forecasts as the original code does by default.
   *
   * @param horizon how many values, at least 1
   * @return the values that follow those added so far, at most {@link
   *     ForecastModel#longestHorizon()} of them
   */
  Forecast forecast(int horizon);

  /**
   * Forecasts.
   *
   * @param horizon how many values, at least 1
   * @param patchesPerPass as in {@link ForecastModel#forecast}
   * @return as {@link #forecast(int)}
   */
  Forecast forecast(int horizon, int patchesPerPass);

  /** Back to a series without values. */
  void reset();
}
