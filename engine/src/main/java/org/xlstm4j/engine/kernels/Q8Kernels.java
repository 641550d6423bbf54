package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** Products of 8-bit weights in panels with a few tokens. */
public non-sealed interface Q8Kernels extends PanelKernels {
  /**
   * Product of 8-bit weights with a few tokens: {@code y[t][r] = sum over c of w[r][c] * x[t][c]}.
   * A token's result does not depend on how many there are.
   *
   * @param weights panels
   * @param byteOffset where the first panel starts
   * @param blocks blocks a panel
   * @param rows rows to compute, whole panels but for the last
   * @param factors from {@link ActivationKernels#q8Factors}, {@code [tokens][blocks][48]}
   * @param scales their scales, {@code [tokens][blocks]}
   * @param tokens 1 to {@link RowKernels#MAX_TOKENS}
   * @param y result
   * @param yOffset where token 0's first row goes
   * @param yStride distance between two tokens in {@code y}
   */
  void multiply(
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int rows,
      int[] factors,
      float[] scales,
      int tokens,
      float[] y,
      int yOffset,
      int yStride);
}
