package org.xlstm4j.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.MachineLimits;
import org.xlstm4j.engine.Team;
import org.xlstm4j.models.StepCost;

/** Runs that are timed, and what the machine could do in the same process. */
final class Timed {
  /** What is timed: one run. */
  interface Run {
    /**
     * Runs once.
     *
     * @return seconds
     */
    double seconds();
  }

  private Timed() {}

  /** Seconds of each run, behind one that is not timed. */
  static List<Double> runs(PeerTask task, Run run) {
    run.seconds();
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < task.repeats(); i++) {
      seconds.add(run.seconds());
    }
    return seconds;
  }

  /**
   * The machine's limits and the least time of a run.
   *
   * @param team the threads that were timed
   * @param cost of one step
   * @param steps of a run
   */
  static Map<String, Double> limits(Team team, StepCost cost, int steps) {
    MachineLimits limits = MachineLimits.measure(team, cost.weightBytes() + cost.stateBytes());
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("read_rate", limits.readRate());
    figures.put("update_rate", limits.updateRate());
    figures.put("multiply_add_rate", limits.multiplyAddRate());
    figures.put("limit_seconds", cost.seconds(limits) * steps);
    return figures;
  }
}
