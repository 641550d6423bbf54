package org.xlstm4j.bench.control;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.Team;

/**
 * What a control step cannot be faster than: reading as many bytes as the model has weights once,
 * and reading and writing as many as the state has, by the same threads, in order, with nothing to
 * compute. Models that fit the cache are read from the cache.
 */
final class MemorySweep implements Team.Region {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Floats that are read together. */
  private static final int UNROLLED = 4 * F.length();

  private final Team team;
  private final MemorySegment weights;
  private final MemorySegment state;
  private final float[] sums;

  MemorySweep(Team team, long weightBytes, long stateBytes) {
    this.team = team;
    weights = Arena.ofAuto().allocate(weightBytes, 64);
    state = Arena.ofAuto().allocate(stateBytes, 64);
    sums = new float[team.size() * 16];
  }

  /**
   * Sweeps once.
   *
   * @return nanoseconds
   */
  long run() {
    long start = System.nanoTime();
    team.run(this);
    return System.nanoTime() - start;
  }

  /** A sum that depends on all that was read, so that nothing is left out. */
  float sum() {
    return sums[0];
  }

  @Override
  public void run(int member, int members) {
    sums[member * 16] += read(weights, band(weights, member, members), member, members);
    scale(state, band(state, member, members), member, members);
  }

  private static int band(MemorySegment segment, int member, int members) {
    long floats = segment.byteSize() / Float.BYTES / UNROLLED * UNROLLED;
    return (int) (floats * (member + 1) / members / UNROLLED * UNROLLED);
  }

  private static float read(MemorySegment segment, int end, int member, int members) {
    int start = member == 0 ? 0 : band(segment, member - 1, members);
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int lanes = F.length();
    for (int i = start; i < end; i += UNROLLED) {
      long at = (long) Float.BYTES * i;
      long step = (long) Float.BYTES * lanes;
      sum0 = sum0.add(FloatVector.fromMemorySegment(F, segment, at, ORDER));
      sum1 = sum1.add(FloatVector.fromMemorySegment(F, segment, at + step, ORDER));
      sum2 = sum2.add(FloatVector.fromMemorySegment(F, segment, at + 2 * step, ORDER));
      sum3 = sum3.add(FloatVector.fromMemorySegment(F, segment, at + 3 * step, ORDER));
    }
    return sum0.add(sum1).add(sum2.add(sum3)).lane(0);
  }

  private static void scale(MemorySegment segment, int end, int member, int members) {
    int start = member == 0 ? 0 : band(segment, member - 1, members);
    for (int i = start; i < end; i += F.length()) {
      long at = (long) Float.BYTES * i;
      FloatVector.fromMemorySegment(F, segment, at, ORDER)
          .mul(0.5f)
          .intoMemorySegment(segment, at, ORDER);
    }
  }
}
