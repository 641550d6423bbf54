package org.xlstm4j.engine.kernels;

/**
 * The one dense product that everything with many tokens is made of: a tile of {@value #ROWS} by
 * {@value #COLUMNS} results kept in registers while {@code depth} is walked,
 *
 * <pre>out[i][j] (+)= sum over d of a[d][i] * b[d][j]</pre>
 *
 * with {@code a} broadcast and {@code b} loaded as vectors. Both are depth-major, so neither needs
 * a horizontal sum.
 */
public interface TileKernels {
  /** Rows of a tile: successive values of {@code a}. */
  int ROWS = 8;

  /** Columns of a tile: successive values of {@code b}. */
  int COLUMNS = 32;

  /**
   * Computes one tile.
   *
   * @param a {@code [depth][aStride]}, of which {@link #ROWS} values from {@code aOffset} are used
   * @param aOffset index of {@code a[0][0]}
   * @param aStride distance between two depths
   * @param b {@code [depth][bStride]}, of which {@link #COLUMNS} values from {@code bOffset} count
   * @param bOffset index of {@code b[0][0]}
   * @param bStride distance between two depths
   * @param depth number of products summed, at least 0
   * @param out {@code [ROWS][outStride]}
   * @param outOffset index of {@code out[0][0]}
   * @param outStride distance between two rows
   * @param add whether to add to what is in {@code out} or to replace it
   */
  void tile(
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
      boolean add);
}
