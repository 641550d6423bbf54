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

  /**
   * Panels that some tokens meet before others do, so that these are read from memory less often.
   */
  static final int AT_ONCE = 4;

  /**
   * Tokens that meet them. 1024 columns of these and the panels take half a megabyte of the
   * second-level cache each: 81 in place of 77 * 10^9 multiply-adds a second for 512 tokens, which
   * do not fit (Emerald Rapids, one thread).
   */
  static final int TOKENS = 128;

  private Panels() {}

  static int count(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }
}
