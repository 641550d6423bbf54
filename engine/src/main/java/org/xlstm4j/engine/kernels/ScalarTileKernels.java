package org.xlstm4j.engine.kernels;

/** The specification of {@link TileKernels}, and its stand-in while the JVM is cold. */
public final class ScalarTileKernels implements TileKernels {
  @Override
  public void tile(
      float[] a, int aOffset, float[] b, int bOffset, int depth, float[] out, int to, int stride) {
    for (int i = 0; i < ROWS; i++) {
      int row = to + i * stride;
      for (int d = 0; d < depth; d++) {
        float factor = a[aOffset + ROWS * d + i];
        int values = bOffset + COLUMNS * d;
        for (int j = 0; j < COLUMNS; j++) {
          out[row + j] += factor * b[values + j];
        }
      }
    }
  }
}
