package org.xlstm4j.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.limits.MachineLimits;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.StepCost;

/** Runs that are timed, and what the machine could do in the same process. */
final class Timed {
  /**
   * What is timed: one run.
   *
   * @param <E> how it fails
   */
  interface Run<E extends Exception> {
    /**
     * Runs once.
     *
     * @return seconds
     * @throws E if it fails
     */
    double seconds() throws E;
  }

  private static final long WARM_UP_NANOS = 2_500_000_000L;

  private Timed() {}

  /**
   * Seconds of each run, behind those of the warm-up: what compiles while it runs is to be done.
   * Where nothing is timed, because only the results are asked for, nothing has to be warm.
   */
  static <E extends Exception> List<Double> runs(PeerTask task, Run<E> run) throws E {
    long warm = System.nanoTime() + (task.repeats() > 0 ? WARM_UP_NANOS : 0);
    do {
      run.seconds();
    } while (System.nanoTime() < warm);
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < task.repeats(); i++) {
      seconds.add(run.seconds());
    }
    return seconds;
  }

  /**
   * The machine's limits, the least time of a run, and the memory so far: measuring the limits
   * takes as much again as the model, which its runtime does not need.
   *
   * @param team the threads that were timed
   * @param cost of one step
   * @param steps of a run
   */
  static Map<String, Double> limits(Team team, StepCost cost, int steps) {
    Map<String, Double> figures = new LinkedHashMap<>();
    double peak = peakBytes();
    if (peak > 0) {
      figures.put("peak_bytes", peak);
    }
    MachineLimits limits = MachineLimits.measure(team, cost.weightBytes() + cost.stateBytes());
    figures.put("read_rate", limits.readRate());
    figures.put("update_rate", limits.updateRate());
    figures.put("multiply_add_rate", limits.multiplyAddRate());
    figures.put("limit_seconds", cost.seconds(limits) * steps);
    return figures;
  }

  /** Most memory that was resident so far; 0 where the system does not tell. */
  private static double peakBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          return 1024.0 * Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
