package org.xlstm4j.engine.layers;

import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.kernels.KernelFamily;
import org.xlstm4j.engine.kernels.KernelNeeds;
import org.xlstm4j.engine.kernels.Kernels;

/**
 * A projection whose matrix consists of square blocks along the diagonal: block n of the output is
 * {@code W[n]} times block n of the input, plus bias. The queries, keys and values of the paper's
 * blocks, in blocks of four, are made so. Immutable and thread-safe.
 */
public final class BlockDiagonal {
  private final float[] weights;
  private final float[] bias;
  private final int size;
  private final int width;

  /**
   * A projection.
   *
   * @param width number of inputs, and of outputs
   * @param size width of a block, a divisor of {@code width}
   * @param weights {@code [width / size][size][size]}: block, output, input; none at all if they
   *     are missing and the projection will not be used
   * @param bias one summand an output, or none at all
   */
  public BlockDiagonal(int width, int size, float[] weights, float[] bias) {
    this.size = size;
    this.width = width;
    if (size < 1 || width % size != 0) {
      throw new IllegalArgumentException(width + " outputs in blocks of " + size);
    }
    this.bias = Lengths.checked("biases", bias, width).clone();
    this.weights = Lengths.checked("weights", weights, width * size).clone();
    for (int i = 0; i < weights.length; i++) {
      this.weights[i % size * width + i / size] = weights[i];
    }
  }

  /**
   * Computes the projection of each token.
   *
   * @param x input, as many values a token as there are outputs
   * @param tokens how many
   * @param y result; must not overlap {@code x}
   */
  public void apply(Columns x, int tokens, Columns y) {
    KernelNeeds.want(KernelFamily.BLOCKS);
    for (int token = 0; token < tokens; token++) {
      Kernels.blocks().blocks(weights, size, x.data(), x.at(token), width, y.data(), y.at(token));
      if (bias.length > 0) {
        Kernels.math().add(bias, 0, width, y.data(), y.at(token));
      }
    }
  }

  /**
   * The weights that a token is multiplied with; biases do not count.
   *
   * @return how many
   */
  public long weights() {
    return weights.length;
  }

  /**
   * The memory a step reads.
   *
   * @return bytes
   */
  public long byteSize() {
    return (long) Float.BYTES * (weights.length + bias.length);
  }
}
