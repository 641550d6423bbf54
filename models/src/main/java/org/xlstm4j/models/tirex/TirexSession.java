package org.xlstm4j.models.tirex;

import java.util.Arrays;
import java.util.List;

/**
 * One series that grows: values are added as they come, and a forecast of what follows can be asked
 * for at any time. A forecast changes nothing; it equals that of the original code for the values
 * added so far, of which the last {@link TirexModel#contextLength()} are kept.
 *
 * <p>Not thread-safe; different sessions of one model may run in different threads.
 */
public final class TirexSession {
  private final TirexNetwork network;
  private final int contextLength;

  /** The last values; moved to the front when the end is reached. */
  private final float[] values;

  private int first;
  private int end;
  private long added;

  TirexSession(TirexConfig config, TirexNetwork network) {
    this.network = network;
    contextLength = config.contextLength();
    values = new float[2 * contextLength];
  }

  /**
   * Adds values at the end of the series.
   *
   * @param newValues in their order, NaN where they are missing
   * @throws IllegalArgumentException if one is beyond {@link TirexModel#LARGEST_VALUE}; then none
   *     is added
   */
  public void add(float... newValues) {
    TirexModel.requireUsable("", newValues);
    for (float value : newValues) {
      if (end == values.length) {
        System.arraycopy(values, end - contextLength, values, 0, contextLength);
        first = 0;
        end = contextLength;
      }
      values[end] = value;
      end++;
      first = Math.max(first, end - contextLength);
    }
    added += newValues.length;
  }

  /**
   * Values added so far.
   *
   * @return 0 for a new session
   */
  public long length() {
    return added;
  }

  /**
   * Forecasts as the original code does unless told otherwise: a pass for each patch.
   *
   * @param horizon how many values, at least 1
   * @return the values that follow those added so far
   */
  public Forecast forecast(int horizon) {
    return forecast(horizon, 1);
  }

  /**
   * Forecasts.
   *
   * @param horizon how many values, at least 1
   * @param patchesPerPass as in {@link TirexModel#forecast}
   * @return the values that follow those added so far
   */
  public Forecast forecast(int horizon, int patchesPerPass) {
    float[] past = Arrays.copyOfRange(values, first, end);
    return network.forecast(List.of(past), horizon, patchesPerPass).getFirst();
  }

  /** Back to a series without values. */
  public void reset() {
    first = 0;
    end = 0;
    added = 0;
  }
}
