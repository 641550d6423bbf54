package org.xlstm4j.models.forecast;

/**
 * How good forecasts were, once the values were known. NaN stands for what cannot be said: there
 * was no value, or all were 0, or the past repeated itself without any error.
 *
 * @param meanAbsoluteScaledError MASE: the mean error of the median over the mean error of the
 *     seasonal naive forecast within the past; 1 is as good as that, less is better
 * @param weightedQuantileLoss WQL: {@code 2 * sum of pinball losses / sum of |values|}, the mean
 *     over the levels; less is better
 * @param coverage share of the values between the quantiles of the outermost levels, these
 *     included; NaN if there is one level alone
 * @param values number of values that were compared
 */
public record ForecastScore(
    double meanAbsoluteScaledError, double weightedQuantileLoss, double coverage, int values) {}
