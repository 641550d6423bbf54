package org.xlstm4j.engine.limits;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.kernels.ProbeKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.machine.Machine;
import org.xlstm4j.engine.system.LargeMemory;
import org.xlstm4j.engine.threads.Team;

/**
 * Measures {@link MachineLimits} again and again, so that they can be compared with work that goes
 * on meanwhile: on a shared machine they change from second to second.
 *
 * <p>For each limit there are several loops ({@link ProbeKernels}), of which the fastest counts,
 * over memory in large pages where the system has them, and of all samples the best. So what is
 * measured is what the machine can do, and nothing that it does between two samples is faster.
 *
 * <p>Not thread-safe.
 */
public final class LimitProbe implements AutoCloseable {
  private static final long SMALLEST = 1L << 20;
  private static final int ROUNDS = 1 << 15;
  private static final int TRIAL_ROUNDS = 1 << 7;
  private static final long LONGEST_WARM_UP = 4_000_000_000L;

  private final Team team;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  /** Sums of all results, so that nothing that is computed can be left out. */
  private final float[] results;

  private final ProbeRace reads;
  private final ProbeRace updates;
  private final ProbeRace multiplyAdds;
  private final ProbeRace integerMultiplyAdds;

  /**
   * Gets ready, and takes a first sample with every loop; takes about half a second, and once a
   * process a second more, until the loops are compiled.
   *
   * @param team the threads that compute together
   * @param workingSet bytes to walk over, such as the size of a model's weights; at most {@link
   *     MachineLimits#MAIN_MEMORY} are used
   */
  public LimitProbe(Team team, long workingSet) {
    this.team = team;
    results = new float[team.size()];
    long unit = (long) ProbeKernels.MULTIPLE * team.size();
    long bytes = Math.clamp(workingSet, SMALLEST, MachineLimits.MAIN_MEMORY) / unit * unit;
    memory = LargeMemory.allocate(bytes, arena);
    memory.fill((byte) 0);
    List<ProbeKernels> families = new ArrayList<>();
    Machine.ofProcess().probes().ifPresent(families::add);
    boolean vectors = compilesVectors() && WarmUp.complete() == WarmUp.Result.SIMD;
    if (vectors) {
      families.add(VectorKernels.probes());
    } else if (families.isEmpty()) {
      families.add(ScalarKernels.probes());
    }
    updates = race(families, ProbeKernels::updates, Walk::new);
    reads = race(families, ProbeKernels::reads, Walk::new);
    multiplyAdds = race(families, ProbeKernels::multiplyAdds, Computation::new);
    integerMultiplyAdds = race(families, ProbeKernels::integerMultiplyAdds, Computation::new);
    long end = System.nanoTime() + LONGEST_WARM_UP;
    while (!warmUp() && vectors && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    for (ProbeRace race : races()) {
      race.sampleAll();
    }
  }

  /** False for HotSpot with C1 alone, which leaves vectors in boxes: its loops reach no limit. */
  private static boolean compilesVectors() {
    return !System.getProperty("java.vm.info", "").contains("emulated-client");
  }

  /** Measures once more; takes as long as walking about four times over the memory does. */
  public void sample() {
    for (ProbeRace race : races()) {
      race.sample();
    }
  }

  /** Forgets all samples so far. At least one has to be taken before the next {@link #limits}. */
  public void restart() {
    for (ProbeRace race : races()) {
      race.restart();
    }
  }

  /**
   * The best of all samples since the start or the last {@link #restart}.
   *
   * @return the rates
   */
  public MachineLimits limits() {
    return new MachineLimits(
        team.size(),
        memory.byteSize(),
        reads.best(),
        updates.best(),
        multiplyAdds.best(),
        integerMultiplyAdds.best());
  }

  /** Frees the memory. */
  @Override
  public void close() {
    arena.close();
  }

  private List<ProbeRace> races() {
    return List.of(updates, reads, multiplyAdds, integerMultiplyAdds);
  }

  /** All loops that the kernels have for one limit. */
  private <L> ProbeRace race(
      List<ProbeKernels> families,
      Function<ProbeKernels, List<L>> loops,
      Function<L, ProbeRace.Entrant> entrant) {
    return new ProbeRace(
        team,
        families.stream().flatMap(family -> loops.apply(family).stream()).map(entrant).toList());
  }

  private boolean warmUp() {
    boolean warm = true;
    for (ProbeRace race : races()) {
      warm &= race.warmUp();
    }
    return warm;
  }

  /** A loop over the memory, in the team's bands. */
  private final class Walk implements ProbeRace.Entrant {
    private final ProbeKernels.MemoryLoop loop;

    Walk(ProbeKernels.MemoryLoop loop) {
      this.loop = loop;
    }

    @Override
    public void lap(int member, int members) {
      long band = memory.byteSize() / members;
      long from = member * band;
      results[member] += loop.run(memory, from, from + band);
    }

    @Override
    public double lapWork() {
      return memory.byteSize();
    }

    @Override
    public void trial() {
      results[0] += loop.run(memory, 0, ProbeKernels.MULTIPLE);
    }

    @Override
    public double trialWork() {
      return ProbeKernels.MULTIPLE;
    }
  }

  /** A loop in registers, the same for each member. */
  private final class Computation implements ProbeRace.Entrant {
    private final ProbeKernels.ArithmeticLoop arithmetic;

    Computation(ProbeKernels.ArithmeticLoop arithmetic) {
      this.arithmetic = arithmetic;
    }

    @Override
    public void lap(int member, int members) {
      results[member] += arithmetic.loop().run(1, ROUNDS);
    }

    @Override
    public double lapWork() {
      return (double) ROUNDS * arithmetic.products() * team.size();
    }

    @Override
    public void trial() {
      results[0] += arithmetic.loop().run(1, TRIAL_ROUNDS);
    }

    @Override
    public double trialWork() {
      return (double) TRIAL_ROUNDS * arithmetic.products();
    }
  }
}
