package org.xlstm4j.engine.kernels.scalar;

import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.LaneSums;

/**
 * Products of a row of weights with a token in the order of the SIMD kernels. A vector's lanes have
 * 32 bits: with two weights in a lane, a row is two parts, the even columns and the odd ones
 * ({@link HalfKernels#split}), and perhaps a last column.
 */
final class ScalarProducts {
  private final int parts;
  private final float[] lanes;

  /**
   * Products of a thread.
   *
   * @param parts weights in a lane, 1 or 2
   */
  ScalarProducts(int parts) {
    this.parts = parts;
    this.lanes = new float[parts * LaneSums.LANES];
  }

  /** Vectors begin with the row; what is behind the last one follows column by column. */
  float fromStart(float[] w, int at, float[] x, int xAt, int columns) {
    int length = columns / parts;
    int bound = LaneSums.whole(length);
    float sum = whole(w, at, x, xAt, length, 0, bound);
    for (int i = bound; i < length; i++) {
      for (int part = 0; part < parts; part++) {
        int column = part * length + i;
        sum = FusedMultiplyAdd.of(w[at + column], x[xAt + column], sum);
      }
    }
    return withLast(w, at, x, xAt, columns, sum);
  }

  /**
   * Vectors begin {@code head} lanes behind the row's start, which has at least one vector. The
   * columns before them and behind them are the lanes of a sum of its own.
   */
  float fromLine(float[] w, int at, float[] x, int xAt, int columns, int head) {
    int length = columns / parts;
    int bound = head + LaneSums.whole(length - head);
    float sum = whole(w, at, x, xAt, length, head, bound);
    if (parts * (bound - head) < columns) {
      for (int part = 0; part < parts; part++) {
        int from = part * length;
        ends(w, at + from, x, xAt + from, length, head, bound, part * LaneSums.LANES);
      }
      sum += withLast(w, at, x, xAt, columns, LaneSums.total(lanes, 0, lanes.length));
    }
    return sum;
  }

  /** The columns of whole vectors. */
  private float whole(float[] w, int at, float[] x, int xAt, int length, int from, int to) {
    for (int part = 0; part < parts; part++) {
      int column = part * length + from;
      int lane = part * LaneSums.LANES;
      LaneSums.products(w, at + column, x, xAt + column, to - from, LaneSums.LANES, lanes, lane);
    }
    return LaneSums.total(lanes, 0, lanes.length);
  }

  /** The first vector's lanes before the head, the last vector's from the bound on. */
  private void ends(
      float[] w, int at, float[] x, int xAt, int length, int head, int bound, int to) {
    int last = length - LaneSums.LANES;
    for (int lane = 0; lane < LaneSums.LANES; lane++) {
      float sum = lane < head ? FusedMultiplyAdd.of(w[at + lane], x[xAt + lane], 0) : 0;
      int column = last + lane;
      lanes[to + lane] =
          column < bound ? sum : FusedMultiplyAdd.of(w[at + column], x[xAt + column], sum);
    }
  }

  /** Adds the column that no pair has. */
  private float withLast(float[] w, int at, float[] x, int xAt, int columns, float sum) {
    int last = columns - 1;
    return columns % parts == 0 ? sum : FusedMultiplyAdd.of(w[at + last], x[xAt + last], sum);
  }
}
