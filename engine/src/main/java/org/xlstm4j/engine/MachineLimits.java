package org.xlstm4j.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xlstm4j.engine.kernels.ProbeKernels;
import org.xlstm4j.engine.kernels.ScalarProbeKernels;
import org.xlstm4j.engine.kernels.VectorProbeKernels;

/**
 * What this machine can do at best with some number of threads, measured in a moment: no step can
 * be faster than its bytes divided by these rates, no prompt faster than its products divided by
 * them.
 *
 * @param threads how many threads computed together
 * @param workingSet bytes of memory that were walked over; up to the size of a cache the rates are
 *     the cache's
 * @param readRate bytes a second that can be read
 * @param updateRate bytes a second that can be read and written back, each byte counted once
 * @param multiplyAddRate 32-bit multiplications with addition a second
 */
public record MachineLimits(
    int threads, long workingSet, double readRate, double updateRate, double multiplyAddRate) {
  /** More memory than any cache holds: what a walk over it reads comes from main memory. */
  public static final long MAIN_MEMORY = 256L << 20;

  private static final long SMALLEST = 1L << 20;
  private static final long PASS_NANOS = 80_000_000;
  private static final int LEAST_PASSES = 5;
  private static final int MOST_PASSES = 10_000;
  private static final int ROUNDS = 1 << 16;
  private static final int WARM_ROUNDS = 1 << 8;
  private static final int WARM_CALLS = 4_000;
  private static final long LONGEST_WARM_UP = 3_000_000_000L;

  /** Fewer than the first-level cache holds, and than there are at least. */
  private static final long WARM_BYTES = 16L * ProbeKernels.MULTIPLE;

  /**
   * Compiled loops read 50 to 150 bytes a nanosecond from the first-level cache, those with vectors
   * in boxes about one (AMD EPYC, family 26).
   */
  private static final long COMPILED_BYTES_A_NANOSECOND = 4;

  /**
   * Measures the machine; takes about half a second, and once a process a little longer, until the
   * loops are compiled. Each rate is the median of several passes. What else runs meanwhile lowers
   * the figures.
   *
   * @param team the threads that compute together
   * @param workingSet bytes to walk over, such as the size of a model's weights; at most {@link
   *     #MAIN_MEMORY} are used
   * @return the rates
   */
  public static MachineLimits measure(Team team, long workingSet) {
    boolean vectors = WarmUp.complete() == WarmUp.Result.SIMD;
    ProbeKernels kernels = vectors ? new VectorProbeKernels() : new ScalarProbeKernels();
    long unit = (long) ProbeKernels.MULTIPLE * team.size();
    long bytes = Math.clamp(workingSet, SMALLEST, MAIN_MEMORY) / unit * unit;
    try (Arena arena = Arena.ofShared()) {
      Probe probe = new Probe(team, kernels, arena.allocate(bytes, 64));
      probe.warmUp();
      double updates = bytes / probe.seconds(Probe.Kind.UPDATE);
      double reads = bytes / probe.seconds(Probe.Kind.READ);
      double products = (double) ROUNDS * ProbeKernels.SUMS * kernels.lanes() * team.size();
      double multiplyAdds = products / probe.seconds(Probe.Kind.MULTIPLY_ADD);
      return new MachineLimits(team.size(), bytes, reads, updates, multiplyAdds);
    }
  }

  /** One kind of work after the other over one piece of memory, in the team's bands. */
  private static final class Probe implements Team.Region {
    private final Team team;
    private final ProbeKernels kernels;
    private final MemorySegment memory;
    private final float[] results;
    private Kind kind = Kind.UPDATE;

    enum Kind {
      READ,
      UPDATE,
      MULTIPLY_ADD
    }

    Probe(Team team, ProbeKernels kernels, MemorySegment memory) {
      this.team = team;
      this.kernels = kernels;
      this.memory = memory;
      this.results = new float[team.size()];
    }

    /**
     * Calls over little memory until the compiler has had its say, which may take a while when it
     * has other work; touches all memory once.
     */
    void warmUp() {
      long end = System.nanoTime() + LONGEST_WARM_UP;
      do {
        for (int call = 0; call < WARM_CALLS; call++) {
          kernels.update(memory, 0, ProbeKernels.MULTIPLE, 0.5f);
          results[0] += kernels.read(memory, 0, ProbeKernels.MULTIPLE);
          results[0] += kernels.multiplyAdd(0.5f, WARM_ROUNDS);
        }
      } while (kernels.lanes() > 1 && !isWarm() && System.nanoTime() < end);
      run(0, 1);
    }

    /** Whether the loops over little memory run at a rate that only compiled ones reach. */
    private boolean isWarm() {
      long begin = System.nanoTime();
      results[0] += kernels.read(memory, 0, WARM_BYTES);
      long read = System.nanoTime();
      kernels.update(memory, 0, WARM_BYTES, 0.5f);
      long updated = System.nanoTime();
      return Math.max(read - begin, updated - read) < WARM_BYTES / COMPILED_BYTES_A_NANOSECOND;
    }

    /** The median time of a pass. */
    double seconds(Kind wanted) {
      kind = wanted;
      team.run(this);
      long[] times = new long[MOST_PASSES];
      int passes = 0;
      long begin = System.nanoTime();
      long now = begin;
      while (passes < LEAST_PASSES || (now - begin < PASS_NANOS && passes < MOST_PASSES)) {
        long start = now;
        team.run(this);
        now = System.nanoTime();
        times[passes++] = now - start;
      }
      Arrays.sort(times, 0, passes);
      return times[passes / 2] * 1e-9;
    }

    @Override
    public void run(int member, int members) {
      long band = memory.byteSize() / members;
      long from = member * band;
      switch (kind) {
        case READ -> results[member] += kernels.read(memory, from, from + band);
        case UPDATE -> kernels.update(memory, from, from + band, 0.5f);
        case MULTIPLY_ADD -> results[member] += kernels.multiplyAdd(0.5f, ROUNDS);
      }
    }
  }
}
