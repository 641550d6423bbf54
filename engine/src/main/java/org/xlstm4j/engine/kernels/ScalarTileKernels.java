package org.xlstm4j.engine.kernels;

import java.util.Arrays;

/** The specification of {@link TileKernels}, and its stand-in while the JVM is cold. */
public final class ScalarTileKernels implements TileKernels {
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
    for (int i = 0; i < ROWS; i++) {
      int row = outOffset + i * outStride;
      if (!add) {
        Arrays.fill(out, row, row + COLUMNS, 0);
      }
      for (int d = 0; d < depth; d++) {
        float factor = a[aOffset + d * aStride + i];
        int values = bOffset + d * bStride;
        for (int j = 0; j < COLUMNS; j++) {
          out[row + j] += factor * b[values + j];
        }
      }
    }
  }
}
