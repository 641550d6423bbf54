package org.xlstm4j.engine.kernels;

/**
 * Elementwise functions and norms over ranges of arrays. Outputs may be the input itself only where
 * it says so.
 */
public interface MathKernels {
  /** {@code y = exp(x)}; {@code y} may be {@code x}. */
  void exp(float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code y = 1 / (1 + exp(-x))}; {@code y} must not overlap {@code x}. */
  void sigmoid(float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code y = log(sigmoid(x))}; {@code y} must not overlap {@code x}. */
  void logSigmoid(float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code y = tanh(x)}; {@code y} must not overlap {@code x}. */
  void tanh(float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code y = x * sigmoid(x)}; {@code y} must not overlap {@code x}. */
  void silu(float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code y = sigmoid(gate) * x}; {@code y} must overlap neither. */
  default void sigmoidGate(
      float[] gate, int gateOffset, float[] x, int xOffset, int length, float[] y, int yOffset) {
    sigmoid(gate, gateOffset, length, y, yOffset);
    multiply(x, xOffset, length, y, yOffset);
  }

  /** {@code y = silu(gate) * x}; {@code y} must overlap neither. */
  default void siluGate(
      float[] gate, int gateOffset, float[] x, int xOffset, int length, float[] y, int yOffset) {
    silu(gate, gateOffset, length, y, yOffset);
    multiply(x, xOffset, length, y, yOffset);
  }

  /**
   * {@code y = gelu(gate) * x} with {@code gelu(g) = g * (1 + erf(g / sqrt 2)) / 2}; {@code y} must
   * overlap neither.
   */
  void geluGate(
      float[] gate, int gateOffset, float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code y = y * x}; {@code y} may be {@code x}. */
  void multiply(float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code x = factor * x}. */
  void scale(float factor, float[] x, int xOffset, int length);

  /** {@code y = y + x}; {@code y} may be {@code x}. */
  void add(float[] x, int xOffset, int length, float[] y, int yOffset);

  /**
   * {@code y = y + w * x}, elementwise, for some rows of w and x one after the other.
   *
   * @param w factors, {@code [rows][length]}
   * @param wOffset where they start
   * @param x input, {@code [rows][length]}
   * @param xOffset where it starts
   * @param rows how many, at least 1
   * @param length of a row
   * @param y sums, one row
   * @param yOffset where they start
   */
  void multiplyAdd(
      float[] w, int wOffset, float[] x, int xOffset, int rows, int length, float[] y, int yOffset);

  /**
   * Norms over groups of columns: {@code y = (x - mean) / sqrt(mean square + epsilon) * gain} for
   * each group, the mean square that of {@code x - mean}.
   *
   * @param x input, {@code groups * width} values
   * @param xOffset where they start
   * @param groups how many, at least 1
   * @param width of a group, at least 1
   * @param centered whether the mean is that of the group; else it is 0
   * @param epsilon keeps the root away from 0
   * @param gain one factor a column
   * @param y result; may be {@code x}
   * @param yOffset where it starts
   */
  void norm(
      float[] x,
      int xOffset,
      int groups,
      int width,
      boolean centered,
      float epsilon,
      float[] gain,
      float[] y,
      int yOffset);

  /**
   * Steps of the mLSTM's normalizers. For each head its tokens in turn, {@code k = input * k},
   * {@code n = forget * n + k}, and the sum of {@code q * n}.
   *
   * @param heads at least 1
   * @param tokens at least 1
   * @param width of a key
   * @param keys k, {@code [heads][tokens][width]}
   * @param queries q, placed as the keys are
   * @param steps {@code [heads][tokens][4]}: input, forget, receives the sum, nothing; behind them
   *     n, {@code [heads][width]}
   */
  void normalizerSteps(
      int heads, int tokens, int width, float[] keys, float[] queries, float[] steps);

  /** {@code y = cap * tanh(x / cap)}; {@code y} must not overlap {@code x}, which may change. */
  default void softCap(float cap, float[] x, int xOffset, int length, float[] y, int yOffset) {
    scale(1 / cap, x, xOffset, length);
    tanh(x, xOffset, length, y, yOffset);
    scale(cap, y, yOffset, length);
  }
}
