package org.xlstm4j.models.tirex2;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.models.forecast.Forecast;

/** What becomes of a group: the passes it takes, and the forecasts that come of their outputs. */
final class GroupForecast {
  private final Tirex2Config config;
  private final GroupRows group;
  private final int horizon;

  /** For each level the one on the other side of the median, where the sign is flipped, too. */
  private final int[] opposite;

  /** {@code [target][level][step]}: quantiles of the rows, and of the negated rows. */
  private double[][][] quantiles;

  private double[][][] negated;
  private int passesLeft;
  private int reach;
  private List<Forecast> result = List.of();

  /**
   * A forecast to be made.
   *
   * @param config the model's
   * @param group its rows
   * @param horizon how many steps
   * @param opposite for each level the one on the other side of the median; no levels at all if the
   *     sign is not flipped
   */
  GroupForecast(Tirex2Config config, GroupRows group, int horizon, int[] opposite) {
    this.config = config;
    this.group = group;
    this.horizon = horizon;
    this.opposite = opposite;
    quantiles = empty();
    negated = opposite.length == 0 ? new double[0][][] : empty();
  }

  private double[][][] empty() {
    return new double[group.targets().size()][config.levels().size()][horizon];
  }

  /**
   * The passes: one for each of the model's horizons, and as many for the negated rows. Beyond the
   * first the past ends in missing values; forecasts are never fed back.
   */
  List<GroupPass> passes() {
    List<GroupPass> passes = new ArrayList<>();
    int steps;
    for (int done = 0; done < horizon; done += steps) {
      steps = Math.min(config.futureLength(), horizon - done);
      GroupWindow window = new GroupWindow(config, group, done, steps, false);
      reach = window.isEmpty() ? reach : done + steps;
      passes.add(new GroupPass(this, window, false, done, steps));
      if (opposite.length > 0) {
        GroupWindow other = new GroupWindow(config, group, done, steps, true);
        passes.add(new GroupPass(this, other, true, done, steps));
      }
    }
    passesLeft = passes.size();
    return passes;
  }

  /**
   * Takes an output of the network.
   *
   * @param pass whose
   * @param target of which target
   * @param patch which patch of the pass
   * @param outputs holds {@code [levels][patch]}
   * @param from where they start
   */
  void take(GroupPass pass, int target, int patch, float[] outputs, int from) {
    RowScaling scaling = pass.window().rows().get(target).scaling();
    double[][] row = (pass.negated() ? negated : quantiles)[target];
    int length = config.patch();
    int count = Math.min(length, pass.steps() - patch * length);
    int first = pass.firstStep() + patch * length;
    for (int level = 0; level < row.length; level++) {
      for (int step = 0; step < count; step++) {
        row[level][first + step] = scaling.restored(outputs[from + level * length + step]);
      }
    }
  }

  /** A pass has given all its outputs. */
  void endPass() {
    passesLeft--;
    if (passesLeft == 0) {
      result = finish();
      quantiles = new double[0][][];
      negated = quantiles;
    }
  }

  /** The forecasts, one a target, when all passes have ended. */
  List<Forecast> result() {
    return result;
  }

  private List<Forecast> finish() {
    List<Forecast> forecasts = new ArrayList<>();
    for (int target = 0; target < quantiles.length; target++) {
      TargetRow row = group.targets().get(target);
      double[][] own = quantiles[target];
      QuantileBands.finish(own, config, row.differenced(), row.last());
      if (opposite.length > 0) {
        QuantileBands.finish(negated[target], config, row.differenced(), -row.last());
        average(own, negated[target]);
      }
      float[] all = QuantileBands.floats(own);
      forecasts.add(new Forecast(config.levels(), horizon, reach, all));
    }
    return forecasts;
  }

  private void average(double[][] own, double[][] ofNegated) {
    for (int level = 0; level < own.length; level++) {
      for (int step = 0; step < horizon; step++) {
        own[level][step] = (own[level][step] - ofNegated[opposite[level]][step]) / 2;
      }
    }
  }
}
