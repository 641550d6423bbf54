package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** Products of 4-bit weights in panels with a few tokens. */
public non-sealed interface Q4Kernels extends PanelKernels {
  /**
   * Product of 4-bit weights with a few tokens: as {@link Q8Kernels}, but with factors from {@link
   * ActivationKernels#q4Factors}, {@code [tokens][blocks][16]}, and the sums of the blocks'
   * activations, {@code [tokens][blocks]}. A block's {@code p} counts quarters, {@code 4 * (sum of
   * q * x) - z * (sum of x)}, and {@code t} is a quarter of the activations' scale.
   */
  void multiply(
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int rows,
      int[] factors,
      float[] scales,
      int[] sums,
      int tokens,
      float[] y,
      int yOffset,
      int yStride);
}
