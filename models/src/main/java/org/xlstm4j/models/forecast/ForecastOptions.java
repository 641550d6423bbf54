package org.xlstm4j.models.forecast;

/**
 * How far and how to forecast. Options that a model does not have have no effect.
 *
 * @param horizon how many values to forecast, at least 1
 * @param patchesPerPass how many patches a pass forecasts at most, at least 1, where the number is
 *     a choice: with 1 the past is read again for each patch, as the original does by default; with
 *     more, further patches cost a step each. The forecasts differ a little.
 * @param extend whether a horizon beyond {@link ForecastModel#longestHorizon()} is forecast by
 *     further passes, which the original does not have, instead of being cut there
 * @param signFlip whether to average with the forecast of the negated series
 * @param differencing whether a series with a trend is forecast by its differences
 */
public record ForecastOptions(
    int horizon, int patchesPerPass, boolean extend, Choice signFlip, Choice differencing) {
  /** What a model's settings may decide. */
  public enum Choice {
    /** As the model's settings say. */
    DEFAULT,
    /** Whatever they say. */
    YES,
    /** Whatever they say. */
    NO;

    /**
     * What is done.
     *
     * @param setting what the model's settings say
     * @return the decision
     */
    public boolean or(boolean setting) {
      return this == DEFAULT ? setting : this == YES;
    }
  }

  /** Checks the numbers. */
  public ForecastOptions {
    if (horizon < 1 || patchesPerPass < 1) {
      throw new IllegalArgumentException(
          "a horizon of " + horizon + " values with " + patchesPerPass + " patches a pass");
    }
  }

  /**
   * The defaults.
   *
   * @param horizon how many values to forecast, at least 1
   * @return the options
   */
  public static ForecastOptions of(int horizon) {
    return new ForecastOptions(horizon, 1, false, Choice.DEFAULT, Choice.DEFAULT);
  }

  /**
   * The same with more patches a pass.
   *
   * @param patches at least 1
   * @return the options
   */
  public ForecastOptions withPatchesPerPass(int patches) {
    return new ForecastOptions(horizon, patches, extend, signFlip, differencing);
  }

  /**
   * The same, continuing where the original stops.
   *
   * @return the options
   */
  public ForecastOptions extended() {
    return new ForecastOptions(horizon, patchesPerPass, true, signFlip, differencing);
  }

  /**
   * The same with or without the negated series.
   *
   * @param choice about it
   * @return the options
   */
  public ForecastOptions withSignFlip(Choice choice) {
    return new ForecastOptions(horizon, patchesPerPass, extend, choice, differencing);
  }

  /**
   * The same with or without differences for series with a trend.
   *
   * @param choice about it
   * @return the options
   */
  public ForecastOptions withDifferencing(Choice choice) {
    return new ForecastOptions(horizon, patchesPerPass, extend, signFlip, choice);
  }
}
