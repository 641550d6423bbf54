package org.xlstm4j.models.forecast;

import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.Workload;

/** A forecast of one patch from a whole context. */
final class ForecastWorkload {
  private ForecastWorkload() {}

  static Workload of(ForecastModel model) {
    return new Workload("forecast", 1, model.forecastCost(), team -> forecast(model, team));
  }

  private static Workload.Run forecast(ForecastModel model, Team team) {
    ForecastSession session = model.newSession(team);
    for (int i = 0; i < model.contextLength(); i++) {
      session.add((float) Math.sin(0.1 * i));
    }
    return Workload.repeated(() -> session.forecast(model.patchLength()));
  }
}
