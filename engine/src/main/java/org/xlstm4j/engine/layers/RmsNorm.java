package org.xlstm4j.engine.layers;

import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.tokens.Columns;

/**
 * Root-mean-square norm over groups of columns: {@code y = x / sqrt(mean(x^2) + epsilon) * gain +
 * bias}, with the mean of each group. One group is the usual norm; one group per head is that of an
 * attention's queries and keys. Immutable and thread-safe.
 */
public final class RmsNorm {
  private final float[] gain;
  private final float[] bias;
  private final int groups;
  private final float epsilon;

  /**
   * A norm of all columns.
   *
   * @param gain one factor a column
   * @param bias one summand a column, or none at all
   * @param epsilon keeps the root away from 0
   */
  public RmsNorm(float[] gain, float[] bias, float epsilon) {
    this(gain, bias, 1, epsilon);
  }

  /**
   * A norm.
   *
   * @param gain one factor a column
   * @param bias one summand a column, or none at all
   * @param groups how many groups of equal width the columns form, at least 1
   * @param epsilon keeps the root away from 0
   */
  public RmsNorm(float[] gain, float[] bias, int groups, float epsilon) {
    this.gain = gain.clone();
    this.bias = bias.clone();
    this.groups = groups;
    this.epsilon = epsilon;
  }

  /**
   * Normalizes each group of each token on its own.
   *
   * @param x input
   * @param first index of the first token
   * @param count how many
   * @param y result; may be {@code x}
   */
  public void apply(Columns x, int first, int count, Columns y) {
    MathKernels math = Kernels.math();
    int width = gain.length / groups;
    for (int token = first; token < first + count; token++) {
      math.norm(x.data(), x.at(token), groups, width, false, epsilon, gain, y.data(), y.at(token));
      if (bias.length > 0) {
        math.add(bias, 0, gain.length, y.data(), y.at(token));
      }
    }
  }
}
