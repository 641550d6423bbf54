package org.xlstm4j.models.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.StepCost;

/** Forecasts the last value of each target, as all quantiles, and keeps what it was asked for. */
final class LastValueModel implements ForecastModel {
  private final List<SeriesGroup> groups = new ArrayList<>();

  /** The groups that were to be forecast. */
  List<SeriesGroup> groups() {
    return groups;
  }

  @Override
  public List<List<Forecast>> forecastGroups(
      List<SeriesGroup> asked, ForecastOptions options, Team team) {
    groups.addAll(asked);
    return asked.stream()
        .map(group -> group.targets().stream().map(row -> last(row, options.horizon())).toList())
        .toList();
  }

  private Forecast last(float[] values, int horizon) {
    float[] quantiles = new float[horizon * levels().size()];
    Arrays.fill(quantiles, values[values.length - 1]);
    return new Forecast(levels(), horizon, horizon, quantiles);
  }

  @Override
  public List<Double> levels() {
    return List.of(0.1, 0.5, 0.9);
  }

  @Override
  public boolean takesGroups() {
    return true;
  }

  @Override
  public int longestHorizon() {
    return Integer.MAX_VALUE;
  }

  @Override
  public int contextLength() {
    return 1;
  }

  @Override
  public int patchLength() {
    return 1;
  }

  @Override
  public String family() {
    return "last value";
  }

  @Override
  public StepCost forecastCost() {
    throw new UnsupportedOperationException();
  }

  @Override
  public StepCost stepCost() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ForecastSession> newSessions(int count, Team team) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<AnchoredSession> newAnchoredSessions(int count, int stride, Team team) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Config configuration() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Checkpoint checkpoint() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
