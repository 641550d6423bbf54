package org.xlstm4j.engine.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.LaneSums;

/**
 * Totals of vectors in the order of {@link LaneSums#total}; that of a reduction of the Vector API
 * is open, and interpreted it is another one than compiled. Each step adds a vector to itself with
 * its lanes moved on; all lanes but one are computed in vain.
 */
final class VectorTotals {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final VectorShuffle<Float> BY_32 = moved(32);
  private static final VectorShuffle<Float> BY_16 = moved(16);
  private static final VectorShuffle<Float> BY_8 = moved(8);
  private static final VectorShuffle<Float> BY_4 = moved(4);
  private static final VectorShuffle<Float> BY_2 = moved(2);
  private static final VectorShuffle<Float> BY_1 = moved(1);

  private VectorTotals() {}

  private static VectorShuffle<Float> moved(int lanes) {
    return VectorShuffle.fromOp(F, lane -> (lane + lanes) & (LANES - 1));
  }

  /** The total of a vector of the preferred species. */
  static float of(FloatVector vector) {
    FloatVector sum = vector;
    if (LANES > 32) {
      sum = sum.rearrange(BY_32).add(sum);
    }
    if (LANES > 16) {
      sum = sum.rearrange(BY_16).add(sum);
    }
    if (LANES > 8) {
      sum = sum.rearrange(BY_8).add(sum);
    }
    if (LANES > 4) {
      sum = sum.rearrange(BY_4).add(sum);
    }
    if (LANES > 2) {
      sum = sum.rearrange(BY_2).add(sum);
    }
    return sum.rearrange(BY_1).add(sum).lane(0);
  }
}
