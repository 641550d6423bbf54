package org.xlstm4j.engine.kernels;

/** The inner loop of convolutions over grids of tokens. */
public interface GridKernels {
  /** Taps of a kernel's row. */
  int TAPS = 3;

  /**
   * Adds one row of a depthwise kernel, applied along one row of the grid:
   *
   * <pre>y[q][c] += w[0][c] x[q - 1][c] + w[1][c] x[q][c] + w[2][c] x[q + 1][c]</pre>
   *
   * <p>with zeros for x before the first and behind the last token of the row.
   *
   * @param x the grid's row, {@code channels} values a token
   * @param xOffset where its first token starts
   * @param xStride distance between two tokens
   * @param length tokens of the row, at least 1
   * @param channels values a token
   * @param w the kernel's row, {@code [TAPS][channels]}
   * @param wOffset where it starts
   * @param y sums, {@code channels} values a token; must not overlap {@code x}
   * @param yOffset where the sums of the first token start
   * @param yStride distance between two tokens
   */
  void addRow(
      float[] x,
      int xOffset,
      int xStride,
      int length,
      int channels,
      float[] w,
      int wOffset,
      float[] y,
      int yOffset,
      int yStride);
}
