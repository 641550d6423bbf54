package org.xlstm4j.engine.layers;

import org.xlstm4j.engine.Columns;
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
   * @param weights {@code [blocks][size][size]}: block, output, input
   * @param size width of a block, at least 1
   * @param bias one summand an output, or none at all
   */
  public BlockDiagonal(float[] weights, int size, float[] bias) {
    if (size < 1 || weights.length == 0 || weights.length % (size * size) != 0) {
      throw new IllegalArgumentException(
          weights.length + " weights are not blocks of " + size + " x " + size);
    }
    this.size = size;
    this.width = weights.length / size;
    this.bias = bias.clone();
    if (bias.length != 0 && bias.length != width) {
      throw new IllegalArgumentException(width + " outputs but " + bias.length + " biases");
    }
    this.weights = new float[weights.length];
    for (int output = 0; output < width; output++) {
      for (int input = 0; input < size; input++) {
        this.weights[input * width + output] = weights[output * size + input];
      }
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
    for (int token = 0; token < tokens; token++) {
      Kernels.blocks().blocks(weights, size, x.data(), x.at(token), width, y.data(), y.at(token));
      if (bias.length > 0) {
        Kernels.math().add(bias, 0, width, y.data(), y.at(token));
      }
    }
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
