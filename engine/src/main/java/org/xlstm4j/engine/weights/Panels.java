package org.xlstm4j.engine.weights;

import org.xlstm4j.engine.kernels.TileKernels;

/** Panels: 32 rows of a matrix side by side, column after column, so that lanes are rows. */
final class Panels {
  static final int ROWS = TileKernels.COLUMNS;

  /**
   * Most columns of a panel: so many that the prefetcher follows a row, and that few sums have to
   * be put aside and taken up again; a panel then takes 128 KiB of second-level cache.
   */
  static final int COLUMNS = 1024;

  /**
   * Distance of two rows before they are transposed: no power of two, which would fall on few lines
   * of a cache.
   */
  static final int STRIDE = COLUMNS + 16;

  private Panels() {}

  static int count(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }
}
