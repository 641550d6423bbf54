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
  public void gelu(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      double value = x[xOffset + i];
      double tail = 0.5 * value * ErrorFunction.complement(Math.abs(value) * Math.sqrt(0.5));
      y[yOffset + i] = (float) (value > 0 ? value - tail : tail);
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
      float factor, float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] += factor * x[xOffset + i];
    }
  }

  @Override
  public void multiplyAdd(
      float[] w, int wOffset, float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] += w[wOffset + i] * x[xOffset + i];
    }
  }

  @Override
  public float sum(float[] x, int xOffset, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += x[xOffset + i];
    }
    return (float) sum;
  }

  @Override
  public float sumOfSquares(float[] x, int xOffset, int length, float mean) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      double difference = x[xOffset + i] - mean;
      sum += difference * difference;
    }
    return (float) sum;
  }

  @Override
  public float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (double) a[aOffset + i] * b[bOffset + i];
    }
    return (float) sum;
  }

  @Override
  public void normalize(
      float[] x,
      int xOffset,
      int length,
      float shift,
      float scale,
      float[] gain,
      int gainOffset,
      float[] y,
      int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = (x[xOffset + i] - shift) * scale * gain[gainOffset + i];
    }
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
