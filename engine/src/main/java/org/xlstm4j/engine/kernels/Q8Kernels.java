package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** Products of 8-bit weights in panels with a few tokens. */
public non-sealed interface Q8Kernels extends PanelKernels {
  /**
   * Product of 8-bit weights with a few tokens: {@code y[t][r] = sum over c of w[r][c] * x[t][c]}.
   *
   * <p>For each row and token, the blocks in order are added up in 32-bit floats as {@code total =
   * fma(p, s * t, total)}: {@code p} is the exact sum of the block's integer products, {@code s}
   * the row's scale, {@code t} that of the activations, and {@code s * t} is rounded. So the bits
   * of a result depend neither on the implementation nor on the other rows and tokens.
   *
   * @param weights panels
   * @param byteOffset where the first panel starts
   * @param blocks blocks a panel
   * @param rows rows to compute, whole panels but for the last
   * @param factors from {@link ActivationKernels#q8Factors}, {@code [tokens][blocks][25]}
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
