package org.xlstm4j.engine.layers;

import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.tokens.Columns;

/**
 * Root-mean-square norm: {@code y = x / sqrt(mean(x^2) + epsilon) * gain + bias}. Immutable and
 * thread-safe.
 */
public final class RmsNorm {
  private final float[] gain;
  private final float[] bias;
  private final float epsilon;

  /**
   * A norm.
   *
   * @param gain one factor a column
   * @param bias one summand a column, or none at all
   * @param epsilon keeps the root away from 0
   */
  public RmsNorm(float[] gain, float[] bias, float epsilon) {
    this.gain = gain.clone();
    this.bias = bias.clone();
    this.epsilon = epsilon;
  }

  /**
   * Normalizes token on its own.
   *
   * @param x input
   * @param first index of the first token
   * @param count how many
   * @param y result; may be {@code x}
   */
  public void apply(Columns x, int first, int count, Columns y) {
    MathKernels math = Kernels.math();
    int width = gain.length;
    for (int token = first; token < first + count; token++) {
      math.norm(x.data(), x.at(token), 1, width, false, epsilon, gain, y.data(), y.at(token));
      if (bias.length > 0) {
        math.add(bias, 0, width, y.data(), y.at(token));
      }
    }
  }
}
