package org.xlstm4j.models.tirex2;

import java.util.Arrays;

/**
 * The past of a row that is to be forecast, as a model's windows look at it.
 *
 * @param values the last ones, at most a context of them; if the row has a trend, the differences
 *     from one value to the next
 * @param differenced whether they are differences
 * @param last the last value of the row that is not missing, to which differences are added up; 0
 *     if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // made once and only read
record TargetRow(float[] values, boolean differenced, double last) {
  /** The row of a whole series. */
  static TargetRow of(float[] series, int contextLength, boolean differencing) {
    float[] end =
        Arrays.copyOfRange(series, Math.max(series.length - contextLength - 1, 0), series.length);
    return of(end, contextLength, differencing && Trend.of(series).isThere(), last(series));
  }

  /**
   * The row of a series of which only the end is there.
   *
   * @param end of the series, one value more than a context, or all of it if it has fewer
   */
  static TargetRow of(float[] end, int contextLength, boolean differenced, double last) {
    float[] values = differenced ? differences(end) : end;
    int first = Math.max(values.length - contextLength, 0);
    return new TargetRow(Arrays.copyOfRange(values, first, values.length), differenced, last);
  }

  /** The original has a difference of 0 in front of all, even where the first value is missing. */
  private static float[] differences(float[] values) {
    float[] differences = new float[values.length];
    for (int i = 1; i < values.length; i++) {
      differences[i] = values[i] - values[i - 1];
    }
    return differences;
  }

  private static double last(float[] series) {
    for (int i = series.length - 1; i >= 0; i--) {
      if (!Float.isNaN(series[i])) {
        return series[i];
      }
    }
    return 0;
  }
}
