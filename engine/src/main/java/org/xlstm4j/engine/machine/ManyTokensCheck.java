package org.xlstm4j.engine.machine;

import org.xlstm4j.engine.kernels.ScalarTileKernels;
import org.xlstm4j.engine.kernels.TileKernels;

/**
 * Computes a few numbers by new kernels for many tokens and by the scalar ones, and compares.
 * Values are small integers, so that no sum is rounded and all bits have to be equal.
 */
final class ManyTokensCheck {
  /** More than one of a kernel's pieces, and a part of a turn. */
  private static final int DEPTH = 259;

  private ManyTokensCheck() {}

  static boolean tilesAreRight(TileKernels kernels) {
    TileKernels scalar = new ScalarTileKernels();
    int stride = TileKernels.COLUMNS + 3;
    int aStride = DEPTH * TileKernels.ROWS;
    float[] a = ramp(2 * aStride);
    float[] b = ramp(DEPTH * TileKernels.COLUMNS);
    float[] wanted = ramp(2 * TileKernels.ROWS * stride + 1);
    float[] found = wanted.clone();
    scalar.addTiles(a, 0, aStride, 2, b, 0, DEPTH, wanted, 1, stride);
    kernels.addTiles(a, 0, aStride, 2, b, 0, DEPTH, found, 1, stride);
    int columns = 11;
    scalar.pack(a, 100, -12, columns, wanted, 1, TileKernels.ROWS);
    kernels.pack(a, 100, -12, columns, found, 1, TileKernels.ROWS);
    return same(wanted, found);
  }

  private static boolean same(float[] wanted, float[] found) {
    return java.util.Arrays.equals(wanted, found);
  }

  private static float[] ramp(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i * 29 % 31 - 15;
    }
    return values;
  }
}
