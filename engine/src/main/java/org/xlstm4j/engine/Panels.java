package org.xlstm4j.engine;

import java.util.Arrays;
import org.xlstm4j.engine.kernels.TileKernels;

/** Panels: 32 rows of a matrix side by side, column after column, so that lanes are rows. */
final class Panels {
  static final int ROWS = TileKernels.COLUMNS;

  /** Columns transposed at a time: 32 rows of them stay in the first-level cache. */
  static final int PIECE = 64;

  private Panels() {}

  /** {@code panel[offset + c * 32 + r] = rows[r * PIECE + c]}, zeros for missing rows. */
  static void transpose(float[] rows, int count, int columns, float[] panel, int offset) {
    for (int column = 0; column < columns; column++) {
      int to = offset + column * ROWS;
      for (int row = 0; row < count; row++) {
        panel[to + row] = rows[row * PIECE + column];
      }
      if (count < ROWS) {
        Arrays.fill(panel, to + count, to + ROWS, 0);
      }
    }
  }

  static int count(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }
}
