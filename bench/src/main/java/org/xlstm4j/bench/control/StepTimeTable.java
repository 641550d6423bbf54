package org.xlstm4j.bench.control;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.limits.MachineLimits;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.StepTimes;

/**
 * Step times of the published sizes with random weights, and the share of what memory allows:
 * reading the weights and updating the state at the rates that the same threads reach over as many
 * bytes, measured before and after the steps. Models that fit the cache are held against the cache.
 *
 * <pre>
 * StepTimeTable M16,M206 F32,Q8 1,2 STEPS
 * </pre>
 */
final class StepTimeTable {
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  private StepTimeTable() {}

  /**
   * Runs it.
   *
   * @param arguments sizes, weight types, numbers of threads, steps of each
   */
  public static void main(String[] arguments) throws IOException {
    int steps = Integer.parseInt(arguments[3]);
    System.out.println(
        "| model | weights | threads | steps | mean us | p50 | p99 | p99.9 | worst | MB weights"
            + " | MB state | limit us | share |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (String size : arguments[0].split(",", -1)) {
      for (String type : arguments[1].split(",", -1)) {
        try (ActionModel model = ControlSize.valueOf(size).model(WeightType.valueOf(type))) {
          for (String threads : arguments[2].split(",", -1)) {
            row(model, size + " | " + type, Team.of(Integer.parseInt(threads)), steps);
          }
        }
      }
    }
  }

  private static void row(ActionModel model, String name, Team team, int steps) {
    ControlLoop loop = new ControlLoop(model, team);
    loop.session().warmUp(WARM_UP);
    StepCost cost = model.stepCost();
    long bytes = cost.weightBytes() + cost.stateBytes();
    double before = cost.memorySeconds(MachineLimits.measure(team, bytes));
    StepTimes times = new StepTimes(steps);
    for (int i = 0; i < steps; i++) {
      times.add(loop.step());
    }
    double after = cost.memorySeconds(MachineLimits.measure(team, bytes));
    double limit = 1e6 * (before + after) / 2;
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %.0f | %.0f | %.0f | %.0f | %.0f | %.1f | %.1f | %.0f | %.0f%% |%n",
        name,
        team.size(),
        times.count(),
        times.meanMicroseconds(),
        times.microseconds(0.5),
        times.microseconds(0.99),
        times.microseconds(0.999),
        times.microseconds(1),
        cost.weightBytes() * 1e-6,
        cost.stateBytes() * 1e-6,
        limit,
        100 * limit / times.microseconds(0.5));
  }
}
