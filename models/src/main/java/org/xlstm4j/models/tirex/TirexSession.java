package org.xlstm4j.models.tirex;

import java.util.List;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastSession;
import org.xlstm4j.models.forecast.RecentValues;

/** A series and the passes over its end. Forecasts equal those of the original code. */
final class TirexSession implements ForecastSession {
  private final TirexNetwork network;
  private final RecentValues values;

  TirexSession(TirexConfig config, TirexNetwork network) {
    this.network = network;
    values = new RecentValues(config.contextLength());
  }

  @Override
  public void add(float... newValues) {
    ForecastModel.requireUsable("", newValues);
    for (float value : newValues) {
      values.add(value);
    }
  }

  @Override
  public long length() {
    return values.added();
  }

  @Override
  public Forecast forecast(int horizon) {
    return forecast(horizon, 1);
  }

  @Override
  public Forecast forecast(int horizon, int patchesPerPass) {
    return network.forecast(List.of(values.copy()), horizon, patchesPerPass).getFirst();
  }

  @Override
  public void reset() {
    values.clear();
  }
}
