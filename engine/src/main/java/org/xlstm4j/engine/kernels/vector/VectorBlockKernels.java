package org.xlstm4j.engine.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.scalar.Remainders;

/**
 * {@link BlockKernels} with the Vector API: blocks of four, which the paper's models have, and
 * blocks of whole vectors. Other sizes are left to the scalar loop.
 */
final class VectorBlockKernels implements BlockKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();

  /** Repeats input 0, 1, 2 or 3 of each block of four in all its lanes. */
  private static final VectorShuffle<Float> REPEAT_0 = VectorShuffle.fromOp(F, i -> i & -4);

  private static final VectorShuffle<Float> REPEAT_1 = VectorShuffle.fromOp(F, i -> (i & -4) + 1);
  private static final VectorShuffle<Float> REPEAT_2 = VectorShuffle.fromOp(F, i -> (i & -4) + 2);
  private static final VectorShuffle<Float> REPEAT_3 = VectorShuffle.fromOp(F, i -> (i & -4) + 3);

  @Override
  public void blocks(
      float[] w, int size, float[] x, int xOffset, int length, float[] y, int yOffset) {
    if (size == 4) {
      fours(w, x, xOffset, length, y, yOffset);
    } else if (size % LANES == 0) {
      wide(w, size, x, xOffset, length, y, yOffset);
    } else {
      Remainders.blocks(w, size, x, xOffset, 0, length, length, y, yOffset);
    }
  }

  private static void fours(float[] w, float[] x, int xOffset, int length, float[] y, int yOffset) {
    int bound = F.loopBound(length);
    for (int o = 0; o < bound; o += LANES) {
      FloatVector values = FloatVector.fromArray(F, x, xOffset + o);
      FloatVector sum = FloatVector.zero(F);
      sum = values.rearrange(REPEAT_0).fma(FloatVector.fromArray(F, w, o), sum);
      sum = values.rearrange(REPEAT_1).fma(FloatVector.fromArray(F, w, length + o), sum);
      sum = values.rearrange(REPEAT_2).fma(FloatVector.fromArray(F, w, 2 * length + o), sum);
      sum = values.rearrange(REPEAT_3).fma(FloatVector.fromArray(F, w, 3 * length + o), sum);
      sum.intoArray(y, yOffset + o);
    }
    Remainders.blocks(w, 4, x, xOffset, bound, length, length, y, yOffset);
  }

  private static void wide(
      float[] w, int size, float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int block = 0; block < length; block += size) {
      for (int o = block; o < block + size; o += LANES) {
        FloatVector sum = FloatVector.zero(F);
        for (int d = 0; d < size; d++) {
          FloatVector weight = FloatVector.fromArray(F, w, d * length + o);
          sum = weight.fma(FloatVector.broadcast(F, x[xOffset + block + d]), sum);
        }
        sum.intoArray(y, yOffset + o);
      }
    }
  }
}
