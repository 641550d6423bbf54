package org.xlstm4j.engine.kernels;

/**
 * Elementwise functions and sums over ranges of arrays. Outputs may be the input itself only where
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

  /** {@code y = x * (1 + erf(x / sqrt 2)) / 2}; {@code y} must not overlap {@code x}. */
  void gelu(float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code y = y * x}; {@code y} may be {@code x}. */
  void multiply(float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code x = factor * x}. */
  void scale(float factor, float[] x, int xOffset, int length);

  /** {@code y = y + x}; {@code y} may be {@code x}. */
  void add(float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code y = y + factor * x}; {@code y} may be {@code x}. */
  void multiplyAdd(float factor, float[] x, int xOffset, int length, float[] y, int yOffset);

  /** {@code y = y + w * x}, elementwise. */
  void multiplyAdd(
      float[] w, int wOffset, float[] x, int xOffset, int length, float[] y, int yOffset);

  /** Sum of {@code x}. */
  float sum(float[] x, int xOffset, int length);

  /** Sum of {@code (x - mean)^2}. */
  float sumOfSquares(float[] x, int xOffset, int length, float mean);

  /** Sum of {@code a * b}. */
  float dot(float[] a, int aOffset, float[] b, int bOffset, int length);

  /** {@code y = (x - shift) * scale * gain}; {@code y} may be {@code x}. */
  void normalize(
      float[] x,
      int xOffset,
      int length,
      float shift,
      float scale,
      float[] gain,
      int gainOffset,
      float[] y,
      int yOffset);
}
