package org.xlstm4j.engine.kernels.scalar;

import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.TileKernels;

/** The specification of {@link TileKernels}, and its stand-in while the JVM is cold. */
final class ScalarTileKernels implements TileKernels {
  @Override
  public void tile(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int depth,
      float[] start,
      int from,
      int startStride,
      float[] out,
      int to,
      int stride) {
    for (int i = 0; i < ROWS; i++) {
      int row = to + i * stride;
      System.arraycopy(start, from + i * startStride, out, row, COLUMNS);
      int d = 0;
      for (; FusedMultiplyAdd.IS_FAST && d <= depth - 4; d += 4) {
        addFour(a, aOffset + ROWS * d + i, b, bOffset + COLUMNS * d, out, row);
      }
      for (; d < depth; d++) {
        float factor = a[aOffset + ROWS * d + i];
        FusedMultiplyAdd.add(factor, b, bOffset + COLUMNS * d, COLUMNS, out, row);
      }
    }
  }

  /** Four products a value: so short a loop is not made into vector code by the compiler. */
  private static void addFour(float[] a, int at, float[] b, int values, float[] out, int row) {
    float factor0 = a[at];
    float factor1 = a[at + ROWS];
    float factor2 = a[at + 2 * ROWS];
    float factor3 = a[at + 3 * ROWS];
    for (int j = 0; j < COLUMNS; j++) {
      float sum = Math.fma(b[values + j], factor0, out[row + j]);
      sum = Math.fma(b[values + COLUMNS + j], factor1, sum);
      sum = Math.fma(b[values + 2 * COLUMNS + j], factor2, sum);
      out[row + j] = Math.fma(b[values + 3 * COLUMNS + j], factor3, sum);
    }
  }

  @Override
  public void pack(
      float[] x, int offset, int stride, int columns, float[] out, int to, int outStride) {
    for (int column = 0; column < columns; column++) {
      int from = offset + column;
      int at = to + column * outStride;
      out[at] = x[from];
      out[at + 1] = x[from + stride];
      out[at + 2] = x[from + 2 * stride];
      out[at + 3] = x[from + 3 * stride];
      out[at + 4] = x[from + 4 * stride];
      out[at + 5] = x[from + 5 * stride];
      out[at + 6] = x[from + 6 * stride];
      out[at + 7] = x[from + 7 * stride];
    }
  }
}
