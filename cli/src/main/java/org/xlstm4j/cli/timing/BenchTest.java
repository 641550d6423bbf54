package org.xlstm4j.cli.timing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.xlstm4j.engine.limits.LimitProbe;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.Workload;
import org.xlstm4j.models.WorkloadSizes;

/**
 * A workload to be timed, next to the machine's limits: these are sampled before, after and, in
 * what lasts longer, between the parts of the work, since a shared machine changes meanwhile.
 *
 * @param workload what is timed
 */
public record BenchTest(Workload workload) {
  /** How long the work is run before it is timed, in seconds. */
  private static final double WARM_SECONDS = 1.5;

  /** Work goes on for so long between two samples of the limits. */
  private static final long SLICE_NANOS = 250_000_000;

  private static final int STEPS = 128;

  /** What is read in a tenth of a second or two. */
  private static final long BYTES_OF_A_FEW_STEPS = 2_000_000_000;

  /** A few of the steps that a model takes one at a time, for an idea of its speed. */
  public static BenchTest ofSteps(Model model) {
    long steps = Math.clamp(BYTES_OF_A_FEW_STEPS / model.stepCost().weightBytes(), 4, STEPS);
    WorkloadSizes sizes =
        new WorkloadSizes(List.of(), List.of((int) steps), List.of(0), List.of(), List.of());
    return new BenchTest(model.workloads(sizes).getFirst());
  }

  /** Runs the test. */
  public BenchResult run(Team team, int repetitions) {
    Workload.Run run = workload.newRun().apply(team);
    long begin = System.nanoTime();
    do {
      run.prepare();
      for (int part = 0; part < run.parts(); part++) {
        run.work(part);
      }
    } while (System.nanoTime() - begin < WARM_SECONDS * 1e9);
    BenchResult result = new BenchResult(this, team.size());
    try (LimitProbe probe = new LimitProbe(team, workingSet(run))) {
      for (int i = 0; i < repetitions; i++) {
        result.add(repetition(run, probe));
      }
    }
    return result;
  }

  /** Bytes that one part walks over. */
  private long workingSet(Workload.Run run) {
    StepCost cost = workload.cost();
    return (cost.weightBytes() + cost.stateBytes()) / run.parts();
  }

  private static BenchResult.Sample repetition(Workload.Run run, LimitProbe probe) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long nanos = 0;
    long allocated = 0;
    int part = 0;
    probe.restart();
    probe.sample();
    run.prepare();
    while (part < run.parts()) {
      long before = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      long slice;
      do {
        run.work(part++);
        slice = System.nanoTime() - start;
      } while (part < run.parts() && slice < SLICE_NANOS);
      nanos += slice;
      allocated += threads.getCurrentThreadAllocatedBytes() - before;
      probe.sample();
    }
    return new BenchResult.Sample(nanos * 1e-9, allocated, probe.limits());
  }
}
