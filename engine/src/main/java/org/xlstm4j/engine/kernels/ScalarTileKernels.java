package org.xlstm4j.engine.kernels;

/** The specification of {@link TileKernels}, and its stand-in while the JVM is cold. */
public final class ScalarTileKernels implements TileKernels {
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
      for (int d = 0; d < depth; d++) {
        float factor = a[aOffset + ROWS * d + i];
        int values = bOffset + COLUMNS * d;
        for (int j = 0; j < COLUMNS; j++) {
          out[row + j] += factor * b[values + j];
        }
      }
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
