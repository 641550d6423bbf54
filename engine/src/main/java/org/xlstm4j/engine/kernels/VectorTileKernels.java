package org.xlstm4j.engine.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TileKernels} with the Vector API. Register tiles are two vectors wide: eight rows where
 * there are 32 registers (512 bits, or 128 bits on ARM), four where there are 16.
 */
public final class VectorTileKernels implements TileKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();

  /** Whether sixteen accumulators stay in registers. */
  private static final boolean MANY_REGISTERS = LANES != 8;

  @Override
  public void tile(
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bStride,
      int depth,
      float[] out,
      int outOffset,
      int outStride,
      boolean add) {
    for (int j = 0; j < COLUMNS; j += 2 * LANES) {
      if (MANY_REGISTERS) {
        eightRows(
            a,
            aOffset,
            aStride,
            b,
            bOffset + j,
            bStride,
            depth,
            out,
            outOffset + j,
            outStride,
            add);
      } else {
        for (int i = 0; i < ROWS; i += 4) {
          int to = outOffset + i * outStride + j;
          fourRows(
              a, aOffset + i, aStride, b, bOffset + j, bStride, depth, out, to, outStride, add);
        }
      }
    }
  }

  /** Eight rows by two vectors: sixteen accumulators. */
  private static void eightRows(
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bStride,
      int depth,
      float[] out,
      int outOffset,
      int outStride,
      boolean add) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector left0 = zero;
    FloatVector right0 = zero;
    FloatVector left1 = zero;
    FloatVector right1 = zero;
    FloatVector left2 = zero;
    FloatVector right2 = zero;
    FloatVector left3 = zero;
    FloatVector right3 = zero;
    FloatVector left4 = zero;
    FloatVector right4 = zero;
    FloatVector left5 = zero;
    FloatVector right5 = zero;
    FloatVector left6 = zero;
    FloatVector right6 = zero;
    FloatVector left7 = zero;
    FloatVector right7 = zero;
    for (int d = 0; d < depth; d++) {
      FloatVector left = FloatVector.fromArray(F, b, bOffset + d * bStride);
      FloatVector right = FloatVector.fromArray(F, b, bOffset + d * bStride + LANES);
      int at = aOffset + d * aStride;
      FloatVector factor = FloatVector.broadcast(F, a[at]);
      left0 = left.fma(factor, left0);
      right0 = right.fma(factor, right0);
      factor = FloatVector.broadcast(F, a[at + 1]);
      left1 = left.fma(factor, left1);
      right1 = right.fma(factor, right1);
      factor = FloatVector.broadcast(F, a[at + 2]);
      left2 = left.fma(factor, left2);
      right2 = right.fma(factor, right2);
      factor = FloatVector.broadcast(F, a[at + 3]);
      left3 = left.fma(factor, left3);
      right3 = right.fma(factor, right3);
      factor = FloatVector.broadcast(F, a[at + 4]);
      left4 = left.fma(factor, left4);
      right4 = right.fma(factor, right4);
      factor = FloatVector.broadcast(F, a[at + 5]);
      left5 = left.fma(factor, left5);
      right5 = right.fma(factor, right5);
      factor = FloatVector.broadcast(F, a[at + 6]);
      left6 = left.fma(factor, left6);
      right6 = right.fma(factor, right6);
      factor = FloatVector.broadcast(F, a[at + 7]);
      left7 = left.fma(factor, left7);
      right7 = right.fma(factor, right7);
    }
    int row = outOffset;
    store(left0, right0, out, row, add);
    row += outStride;
    store(left1, right1, out, row, add);
    row += outStride;
    store(left2, right2, out, row, add);
    row += outStride;
    store(left3, right3, out, row, add);
    row += outStride;
    store(left4, right4, out, row, add);
    row += outStride;
    store(left5, right5, out, row, add);
    row += outStride;
    store(left6, right6, out, row, add);
    row += outStride;
    store(left7, right7, out, row, add);
  }

  /** Four rows by two vectors: eight accumulators. */
  private static void fourRows(
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bStride,
      int depth,
      float[] out,
      int outOffset,
      int outStride,
      boolean add) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector left0 = zero;
    FloatVector right0 = zero;
    FloatVector left1 = zero;
    FloatVector right1 = zero;
    FloatVector left2 = zero;
    FloatVector right2 = zero;
    FloatVector left3 = zero;
    FloatVector right3 = zero;
    for (int d = 0; d < depth; d++) {
      FloatVector left = FloatVector.fromArray(F, b, bOffset + d * bStride);
      FloatVector right = FloatVector.fromArray(F, b, bOffset + d * bStride + LANES);
      int at = aOffset + d * aStride;
      FloatVector factor = FloatVector.broadcast(F, a[at]);
      left0 = left.fma(factor, left0);
      right0 = right.fma(factor, right0);
      factor = FloatVector.broadcast(F, a[at + 1]);
      left1 = left.fma(factor, left1);
      right1 = right.fma(factor, right1);
      factor = FloatVector.broadcast(F, a[at + 2]);
      left2 = left.fma(factor, left2);
      right2 = right.fma(factor, right2);
      factor = FloatVector.broadcast(F, a[at + 3]);
      left3 = left.fma(factor, left3);
      right3 = right.fma(factor, right3);
    }
    int row = outOffset;
    store(left0, right0, out, row, add);
    row += outStride;
    store(left1, right1, out, row, add);
    row += outStride;
    store(left2, right2, out, row, add);
    row += outStride;
    store(left3, right3, out, row, add);
  }

  private static void store(
      FloatVector left, FloatVector right, float[] out, int offset, boolean add) {
    if (add) {
      left.add(FloatVector.fromArray(F, out, offset)).intoArray(out, offset);
      right.add(FloatVector.fromArray(F, out, offset + LANES)).intoArray(out, offset + LANES);
    } else {
      left.intoArray(out, offset);
      right.intoArray(out, offset + LANES);
    }
  }
}
