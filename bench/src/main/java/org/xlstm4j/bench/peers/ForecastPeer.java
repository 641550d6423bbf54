package org.xlstm4j.bench.peers;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;

/** This engine's forecasts of one patch from 512 values as one of the runtimes. */
public final class ForecastPeer {
  private static final int LENGTH = 512;
  private static final int HORIZON = 32;

  private ForecastPeer() {}

  /**
   * Runs.
   *
   * @param arguments {@code MODEL THREADS CASE REPEATS}
   * @throws IOException if the model cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    PeerTask task = PeerTask.of(arguments);
    Team team = Team.of(task.threads());
    try (ForecastModel model = ForecastModel.open(task.model())) {
      WarmUp.complete();
      float[] series = PeerTask.values(LENGTH, 0);
      List<Float> check = PeerResult.check(forecast(model, series, team).quantiles());
      List<Double> seconds = Timed.runs(task, () -> run(model, series, team, task.count()));
      String runtime = "xlstm4j " + WarmUp.description();
      System.out.println(new PeerResult(runtime, check, task.count(), seconds, Map.of()).toJson());
    }
  }

  private static double run(ForecastModel model, float[] series, Team team, int count) {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      forecast(model, series, team);
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  private static Forecast forecast(ForecastModel model, float[] series, Team team) {
    return model.forecast(List.of(series), HORIZON, 1, team).getFirst();
  }
}
