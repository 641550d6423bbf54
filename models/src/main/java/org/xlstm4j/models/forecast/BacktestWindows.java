package org.xlstm4j.models.forecast;

/**
 * The windows at the end of a series that are forecast from what lies before each. The last one
 * ends where the series ends.
 *
 * @param length of the series
 * @param horizon values in a window
 * @param count number of windows, at least 1
 * @param stride values from the begin of a window to that of the next, at least 1; less than the
 *     horizon if they overlap
 */
public record BacktestWindows(int length, int horizon, int count, int stride) {
  /**
   * As many windows as wanted, one behind the other. If the series is too short for that, they
   * overlap; if it is too short even for windows that begin at successive values, there are fewer.
   *
   * @param length of the series
   * @param past values before the first window at least
   * @param horizon values in a window, at least 1
   * @param wanted number of windows, at least 1
   * @return the windows
   * @throws IllegalArgumentException if the series is too short for one window
   */
  public static BacktestWindows of(int length, int past, int horizon, int wanted) {
    long room = (long) length - past - horizon;
    if (room < 0) {
      throw new IllegalArgumentException(
          length
              + " values, expected at least "
              + ((long) past + horizon)
              + " for a backtest: "
              + past
              + " to begin with and a horizon of "
              + horizon);
    }
    int count = (int) Math.min(wanted, room + 1);
    int stride = count == 1 ? horizon : (int) Math.min(horizon, room / (count - 1));
    return new BacktestWindows(length, horizon, count, stride);
  }

  /**
   * Where a window begins.
   *
   * @param window from 0, the oldest
   * @return index of its first value: the number of values before it
   */
  public int begin(int window) {
    return length - horizon - (count - 1 - window) * stride;
  }

  /**
   * Whether a value may lie in several windows.
   *
   * @return false if they lie end to end
   */
  public boolean overlap() {
    return stride < horizon;
  }
}
