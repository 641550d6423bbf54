package org.xlstm4j.engine.kernels;

/** Products with block-diagonal weights. */
public interface BlockKernels {
  /**
   * One token: {@code y[o] = sum over d of w[d * length + o] * x[o / size * size + d]}. So lanes
   * are outputs, and the inputs of a block are what changes from one sum to the next.
   *
   * @param w {@code [size][length]}: for each output the weight of the block's input d
   * @param size width of a block
   * @param x input
   * @param xOffset where it starts
   * @param length number of inputs and of outputs, a multiple of {@code size}
   * @param y result; must not overlap {@code x}
   * @param yOffset where it starts
   */
  void blocks(float[] w, int size, float[] x, int xOffset, int length, float[] y, int yOffset);
}
