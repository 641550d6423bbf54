package org.xlstm4j.models.tirex2;

import java.util.Arrays;
import java.util.List;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastSession;

/**
 * A series and the passes over its end. Whether it has a trend depends on all of its values, of
 * which only sums are kept. Forecasts equal those of the whole series.
 */
final class Tirex2Session implements ForecastSession {
  private final Tirex2Config config;
  private final Tirex2Network network;

  /** How many values a forecast needs: a difference needs the value before the context. */
  private final int kept;

  /** The last values; moved to the front when the end is reached. */
  private final float[] values;

  private int first;
  private int end;
  private long added;
  private Trend trend = new Trend();

  /** The last value that is not missing. */
  private float last;

  Tirex2Session(Tirex2Config config, Tirex2Network network) {
    this.config = config;
    this.network = network;
    kept = config.contextLength() + 1;
    values = new float[2 * kept];
  }

  @Override
  public void add(float... newValues) {
    ForecastModel.requireUsable("", newValues);
    for (float value : newValues) {
      if (end == values.length) {
        System.arraycopy(values, end - kept, values, 0, kept);
        first = 0;
        end = kept;
      }
      values[end] = value;
      end++;
      first = Math.max(first, end - kept);
      trend.add(value);
      last = Float.isNaN(value) ? last : value;
    }
    added += newValues.length;
  }

  @Override
  public long length() {
    return added;
  }

  @Override
  public Forecast forecast(int horizon) {
    if (horizon < 1) {
      throw new IllegalArgumentException("a horizon of " + horizon + " values");
    }
    boolean differenced = config.differencing() && trend.isThere();
    float[] past = Arrays.copyOfRange(values, first, end);
    TargetRow row = TargetRow.of(past, config.contextLength(), differenced, last);
    GroupRows group = new GroupRows(List.of(row), List.of(), List.of(), past.length);
    int steps = Math.min(horizon, config.futureLength());
    return network.forecast(List.of(group), steps, config.signFlip()).getFirst().getFirst();
  }

  @Override
  public Forecast forecast(int horizon, int patchesPerPass) {
    if (patchesPerPass < 1) {
      throw new IllegalArgumentException(patchesPerPass + " patches a pass");
    }
    return forecast(horizon);
  }

  @Override
  public void reset() {
    first = 0;
    end = 0;
    added = 0;
    trend = new Trend();
    last = 0;
  }
}
