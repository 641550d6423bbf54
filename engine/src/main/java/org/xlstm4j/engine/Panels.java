package org.xlstm4j.engine;

import java.util.Arrays;
import org.xlstm4j.engine.kernels.TileKernels;

/** Panels: 32 rows of a matrix side by side, column after column, so that lanes are rows. */
final class Panels {
  static final int ROWS = TileKernels.COLUMNS;

  /** Columns transposed at a time: long enough for the prefetcher to follow a row. */
  static final int PIECE = 256;

  /** Distance of two rows of a piece: no power of two, which would fall on few lines of a cache. */
  static final int STRIDE = PIECE + 16;

  private Panels() {}

  /** {@code panel[offset + c * 32 + r] = rows[r * STRIDE + c]}, zeros for missing rows. */
  static void transpose(float[] rows, int count, int columns, float[] panel, int offset) {
    Arrays.fill(rows, count * STRIDE, ROWS * STRIDE, 0);
    for (int row = 0; row < ROWS; row += TileKernels.ROWS) {
      TileKernels.pack(rows, row * STRIDE, STRIDE, columns, panel, offset + row, ROWS);
    }
  }

  static int count(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }
}
