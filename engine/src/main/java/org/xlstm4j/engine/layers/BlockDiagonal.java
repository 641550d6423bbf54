package org.xlstm4j.engine.layers;

import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.tokens.Columns;

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
   * Computes the projection of some tokens.
   *
   * @param x input, as many values a token as there are outputs
   * @param first index of the first token
   * @param count how many
   * @param y result; must not overlap {@code x}
   */
  public void apply(Columns x, int first, int count, Columns y) {
    KernelNeeds.want(KernelFamily.BLOCKS);
    for (int token = first; token < first + count; token++) {
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
