package org.xlstm4j.models.tirex2;

import java.util.List;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastSession;
import org.xlstm4j.models.forecast.RecentValues;

/**
 * A series and the passes over its end. Whether it has a trend depends on all of its values, of
 * which only sums are kept. Forecasts equal those of the whole series.
 */
final class Tirex2Session implements ForecastSession {
  private final Tirex2Config config;
  private final Tirex2Network network;

  /** As many as a context, and one in front: a difference needs the value before. */
  private final RecentValues values;

  private Trend trend = new Trend();

  /** The last value that is not missing. */
  private float last;

  Tirex2Session(Tirex2Config config, Tirex2Network network) {
    this.config = config;
    this.network = network;
    values = new RecentValues(config.contextLength() + 1);
  }

  @Override
  public void add(float... newValues) {
    ForecastModel.requireUsable("", newValues);
    for (float value : newValues) {
      values.add(value);
      trend.add(value);
      last = Float.isNaN(value) ? last : value;
    }
  }

  @Override
  public long length() {
    return values.added();
  }

  @Override
  public Forecast forecast(int horizon) {
    if (horizon < 1) {
      throw new IllegalArgumentException("a horizon of " + horizon + " values");
    }
    boolean differenced = config.differencing() && trend.isThere();
    float[] past = values.copy();
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
    values.clear();
    trend = new Trend();
    last = 0;
  }
}
