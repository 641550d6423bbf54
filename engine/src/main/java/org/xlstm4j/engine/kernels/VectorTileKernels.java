package org.xlstm4j.engine.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TileKernels} with the Vector API. Register tiles are two vectors wide: eight rows where
 * there are 32 registers (512 bits, or 128 bits on ARM), four where there are 16.
 */
public final class VectorTileKernels implements TileKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();

  private static final TileKernels SCALAR = new ScalarTileKernels();

  /** The lower halves of two vectors, value by value in turn; then the upper halves. */
  private static final VectorShuffle<Float> LOWER =
      VectorShuffle.fromOp(F, i -> i / 2 + i % 2 * LANES);

  private static final VectorShuffle<Float> UPPER =
      VectorShuffle.fromOp(F, i -> LANES / 2 + i / 2 + i % 2 * LANES);

  private static final VectorMask<Float> LOWER_HALF = F.indexInRange(LANES / 2, LANES);
  private static final VectorMask<Float> UPPER_HALF = LOWER_HALF.not();

  /** Whether sixteen accumulators stay in registers. */
  private static final boolean MANY_REGISTERS = LANES != 8;

  @Override
  public void tile(
      float[] a, int aOffset, float[] b, int bOffset, int depth, float[] out, int to, int stride) {
    for (int j = 0; j < COLUMNS; j += 2 * LANES) {
      if (MANY_REGISTERS) {
        eightRows(a, aOffset, b, bOffset + j, depth, out, to + j, stride);
      } else {
        fourRows(a, aOffset, b, bOffset + j, depth, out, to + j, stride);
        fourRows(a, aOffset + 4, b, bOffset + j, depth, out, to + 4 * stride + j, stride);
      }
    }
  }

  /** Eight rows by two vectors: sixteen accumulators. */
  private static void eightRows(
      float[] a, int aOffset, float[] b, int bOffset, int depth, float[] out, int to, int stride) {
    FloatVector left0 = FloatVector.fromArray(F, out, to);
    FloatVector right0 = FloatVector.fromArray(F, out, to + LANES);
    FloatVector left1 = FloatVector.fromArray(F, out, to + stride);
    FloatVector right1 = FloatVector.fromArray(F, out, to + stride + LANES);
    FloatVector left2 = FloatVector.fromArray(F, out, to + 2 * stride);
    FloatVector right2 = FloatVector.fromArray(F, out, to + 2 * stride + LANES);
    FloatVector left3 = FloatVector.fromArray(F, out, to + 3 * stride);
    FloatVector right3 = FloatVector.fromArray(F, out, to + 3 * stride + LANES);
    FloatVector left4 = FloatVector.fromArray(F, out, to + 4 * stride);
    FloatVector right4 = FloatVector.fromArray(F, out, to + 4 * stride + LANES);
    FloatVector left5 = FloatVector.fromArray(F, out, to + 5 * stride);
    FloatVector right5 = FloatVector.fromArray(F, out, to + 5 * stride + LANES);
    FloatVector left6 = FloatVector.fromArray(F, out, to + 6 * stride);
    FloatVector right6 = FloatVector.fromArray(F, out, to + 6 * stride + LANES);
    FloatVector left7 = FloatVector.fromArray(F, out, to + 7 * stride);
    FloatVector right7 = FloatVector.fromArray(F, out, to + 7 * stride + LANES);
    for (int d = 0; d < depth; d++) {
      FloatVector left = FloatVector.fromArray(F, b, bOffset + COLUMNS * d);
      FloatVector right = FloatVector.fromArray(F, b, bOffset + COLUMNS * d + LANES);
      int at = aOffset + ROWS * d;
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
    left0.intoArray(out, to);
    right0.intoArray(out, to + LANES);
    left1.intoArray(out, to + stride);
    right1.intoArray(out, to + stride + LANES);
    left2.intoArray(out, to + 2 * stride);
    right2.intoArray(out, to + 2 * stride + LANES);
    left3.intoArray(out, to + 3 * stride);
    right3.intoArray(out, to + 3 * stride + LANES);
    left4.intoArray(out, to + 4 * stride);
    right4.intoArray(out, to + 4 * stride + LANES);
    left5.intoArray(out, to + 5 * stride);
    right5.intoArray(out, to + 5 * stride + LANES);
    left6.intoArray(out, to + 6 * stride);
    right6.intoArray(out, to + 6 * stride + LANES);
    left7.intoArray(out, to + 7 * stride);
    right7.intoArray(out, to + 7 * stride + LANES);
  }

  /** Four rows by two vectors: eight accumulators. */
  private static void fourRows(
      float[] a, int aOffset, float[] b, int bOffset, int depth, float[] out, int to, int stride) {
    FloatVector left0 = FloatVector.fromArray(F, out, to);
    FloatVector right0 = FloatVector.fromArray(F, out, to + LANES);
    FloatVector left1 = FloatVector.fromArray(F, out, to + stride);
    FloatVector right1 = FloatVector.fromArray(F, out, to + stride + LANES);
    FloatVector left2 = FloatVector.fromArray(F, out, to + 2 * stride);
    FloatVector right2 = FloatVector.fromArray(F, out, to + 2 * stride + LANES);
    FloatVector left3 = FloatVector.fromArray(F, out, to + 3 * stride);
    FloatVector right3 = FloatVector.fromArray(F, out, to + 3 * stride + LANES);
    for (int d = 0; d < depth; d++) {
      FloatVector left = FloatVector.fromArray(F, b, bOffset + COLUMNS * d);
      FloatVector right = FloatVector.fromArray(F, b, bOffset + COLUMNS * d + LANES);
      int at = aOffset + ROWS * d;
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
    left0.intoArray(out, to);
    right0.intoArray(out, to + LANES);
    left1.intoArray(out, to + stride);
    right1.intoArray(out, to + stride + LANES);
    left2.intoArray(out, to + 2 * stride);
    right2.intoArray(out, to + 2 * stride + LANES);
    left3.intoArray(out, to + 3 * stride);
    right3.intoArray(out, to + 3 * stride + LANES);
  }

  /**
   * Three times over, each vector is interleaved with the one half the rows away; after that a
   * vector holds the eight values of one column, or of two successive ones. Vectors of other sizes
   * than 8 and 16 floats leave it to the scalar loop.
   */
  @Override
  public void pack(
      float[] x, int offset, int stride, int columns, float[] out, int to, int outStride) {
    int bound = LANES == 8 || LANES == 16 ? F.loopBound(columns) : 0;
    for (int c = 0; c < bound; c += LANES) {
      packBlock(x, offset + c, stride, out, to + c * outStride, outStride);
    }
    SCALAR.pack(x, offset + bound, stride, columns - bound, out, to + bound * outStride, outStride);
  }

  private static void packBlock(
      float[] x, int offset, int stride, float[] out, int to, int outStride) {
    FloatVector a0 = FloatVector.fromArray(F, x, offset);
    FloatVector a1 = FloatVector.fromArray(F, x, offset + stride);
    FloatVector a2 = FloatVector.fromArray(F, x, offset + 2 * stride);
    FloatVector a3 = FloatVector.fromArray(F, x, offset + 3 * stride);
    FloatVector a4 = FloatVector.fromArray(F, x, offset + 4 * stride);
    FloatVector a5 = FloatVector.fromArray(F, x, offset + 5 * stride);
    FloatVector a6 = FloatVector.fromArray(F, x, offset + 6 * stride);
    FloatVector a7 = FloatVector.fromArray(F, x, offset + 7 * stride);
    FloatVector b0 = a0.rearrange(LOWER, a4);
    FloatVector b1 = a0.rearrange(UPPER, a4);
    FloatVector b2 = a1.rearrange(LOWER, a5);
    FloatVector b3 = a1.rearrange(UPPER, a5);
    FloatVector b4 = a2.rearrange(LOWER, a6);
    FloatVector b5 = a2.rearrange(UPPER, a6);
    FloatVector b6 = a3.rearrange(LOWER, a7);
    FloatVector b7 = a3.rearrange(UPPER, a7);
    a0 = b0.rearrange(LOWER, b4);
    a1 = b0.rearrange(UPPER, b4);
    a2 = b1.rearrange(LOWER, b5);
    a3 = b1.rearrange(UPPER, b5);
    a4 = b2.rearrange(LOWER, b6);
    a5 = b2.rearrange(UPPER, b6);
    a6 = b3.rearrange(LOWER, b7);
    a7 = b3.rearrange(UPPER, b7);
    b0 = a0.rearrange(LOWER, a4);
    b1 = a0.rearrange(UPPER, a4);
    b2 = a1.rearrange(LOWER, a5);
    b3 = a1.rearrange(UPPER, a5);
    b4 = a2.rearrange(LOWER, a6);
    b5 = a2.rearrange(UPPER, a6);
    b6 = a3.rearrange(LOWER, a7);
    b7 = a3.rearrange(UPPER, a7);
    if (LANES == ROWS || outStride == ROWS) {
      int step = LANES / ROWS * outStride;
      b0.intoArray(out, to);
      b1.intoArray(out, to + step);
      b2.intoArray(out, to + 2 * step);
      b3.intoArray(out, to + 3 * step);
      b4.intoArray(out, to + 4 * step);
      b5.intoArray(out, to + 5 * step);
      b6.intoArray(out, to + 6 * step);
      b7.intoArray(out, to + 7 * step);
    } else {
      storeHalves(b0, out, to, outStride);
      storeHalves(b1, out, to + 2 * outStride, outStride);
      storeHalves(b2, out, to + 4 * outStride, outStride);
      storeHalves(b3, out, to + 6 * outStride, outStride);
      storeHalves(b4, out, to + 8 * outStride, outStride);
      storeHalves(b5, out, to + 10 * outStride, outStride);
      storeHalves(b6, out, to + 12 * outStride, outStride);
      storeHalves(b7, out, to + 14 * outStride, outStride);
    }
  }

  /** Two columns of eight values; the upper half's place begins eight values after its store's. */
  private static void storeHalves(FloatVector two, float[] out, int to, int outStride) {
    two.intoArray(out, to, LOWER_HALF);
    two.intoArray(out, to + outStride - ROWS, UPPER_HALF);
  }
}
