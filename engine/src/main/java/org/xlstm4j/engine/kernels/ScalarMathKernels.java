package org.xlstm4j.engine.kernels;

/** The specification of {@link MathKernels}, and its stand-in while the JVM is cold. */
public final class ScalarMathKernels implements MathKernels {
  @Override
  public void exp(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = (float) Math.exp(x[xOffset + i]);
    }
  }

  @Override
  public void sigmoid(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = (float) sigmoid(x[xOffset + i]);
    }
  }

  @Override
  public void logSigmoid(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = logSigmoid(x[xOffset + i]);
    }
  }

  @Override
  public void tanh(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = (float) Math.tanh(x[xOffset + i]);
    }
  }

  @Override
  public void silu(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      float value = x[xOffset + i];
      y[yOffset + i] = value < -200 ? -0.0f : (float) (value * sigmoid(value));
    }
  }

  @Override
  public void geluGate(
      float[] gate, int gateOffset, float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      double value = gate[gateOffset + i];
      double tail = 0.5 * value * ErrorFunction.complement(Math.abs(value) * Math.sqrt(0.5));
      y[yOffset + i] = (float) (value > 0 ? value - tail : tail) * x[xOffset + i];
    }
  }

  @Override
  public void multiply(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] *= x[xOffset + i];
    }
  }

  @Override
  public void scale(float factor, float[] x, int xOffset, int length) {
    for (int i = 0; i < length; i++) {
      x[xOffset + i] *= factor;
    }
  }

  @Override
  public void add(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] += x[xOffset + i];
    }
  }

  @Override
  public void multiplyAdd(
      float[] w,
      int wOffset,
      float[] x,
      int xOffset,
      int rows,
      int length,
      float[] y,
      int yOffset) {
    for (int row = 0; row < rows; row++) {
      int at = row * length;
      for (int i = 0; i < length; i++) {
        y[yOffset + i] += w[wOffset + at + i] * x[xOffset + at + i];
      }
    }
  }

  @Override
  public void norm(
      float[] x,
      int xOffset,
      int groups,
      int width,
      boolean centered,
      float epsilon,
      float[] gain,
      float[] y,
      int yOffset) {
    for (int group = 0; group < groups; group++) {
      int at = group * width;
      int from = xOffset + at;
      float mean = centered ? sum(x, from, width) / width : 0;
      double squares = sumOfSquares(x, from, width, mean);
      float scale = (float) (1 / Math.sqrt(squares / width + epsilon));
      for (int i = 0; i < width; i++) {
        y[yOffset + at + i] = (x[from + i] - mean) * scale * gain[at + i];
      }
    }
  }

  private static float sum(float[] x, int xOffset, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += x[xOffset + i];
    }
    return (float) sum;
  }

  private static float sumOfSquares(float[] x, int xOffset, int length, float mean) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      double difference = x[xOffset + i] - mean;
      sum += difference * difference;
    }
    return (float) sum;
  }

  @Override
  public float normalizerStep(
      float input,
      float forget,
      float[] key,
      float[] query,
      int at,
      int width,
      float[] normalizer) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      key[at + i] *= input;
      normalizer[i] = forget * normalizer[i] + key[at + i];
      sum += (double) query[at + i] * normalizer[i];
    }
    return (float) sum;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /**
   * Log of the logistic function, without overflow for any input.
   *
   * @param x any value
   * @return {@code min(x, 0) - log1p(exp(-|x|))}
   */
  public static float logSigmoid(float x) {
    return (float) (Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs((double) x))));
  }
}
