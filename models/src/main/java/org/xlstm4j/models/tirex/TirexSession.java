package org.xlstm4j.models.tirex;

import java.util.Arrays;
import java.util.List;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastSession;

/** A series and the passes over its end. Forecasts equal those of the original code. */
final class TirexSession implements ForecastSession {
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

  @Override
  public void add(float... newValues) {
    ForecastModel.requireUsable("", newValues);
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

  @Override
  public long length() {
    return added;
  }

  @Override
  public Forecast forecast(int horizon) {
    return forecast(horizon, 1);
  }

  @Override
  public Forecast forecast(int horizon, int patchesPerPass) {
    float[] past = Arrays.copyOfRange(values, first, end);
    return network.forecast(List.of(past), horizon, patchesPerPass).getFirst();
  }

  @Override
  public void reset() {
    first = 0;
    end = 0;
    added = 0;
  }
}
