package org.xlstm4j.engine.kernels.scalar;

import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.LaneSums;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.ScalarFunctions;

/** The specification of {@link MathKernels}, and its stand-in while the JVM is cold. */
final class ScalarMathKernels implements MathKernels {
  /** Lanes of sums: those of two vectors. */
  private static final int LANES = 2 * LaneSums.LANES;

  private final ThreadLocal<float[]> scratch = ThreadLocal.withInitial(() -> new float[LANES]);

  @Override
  public void exp(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarFunctions.exp(x[xOffset + i]);
    }
  }

  @Override
  public void sigmoid(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarFunctions.sigmoid(x[xOffset + i]);
    }
  }

  @Override
  public void logSigmoid(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarFunctions.logSigmoid(x[xOffset + i]);
    }
  }

  @Override
  public void tanh(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarFunctions.tanh(x[xOffset + i]);
    }
  }

  @Override
  public void silu(float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarFunctions.silu(x[xOffset + i]);
    }
  }

  @Override
  public void geluGate(
      float[] gate, int gateOffset, float[] x, int xOffset, int length, float[] y, int yOffset) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = ScalarFunctions.gelu(gate[gateOffset + i]) * x[xOffset + i];
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
      FusedMultiplyAdd.add(w, wOffset + at, x, xOffset + at, length, y, yOffset);
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

  private float sum(float[] x, int xOffset, int length) {
    float[] lanes = scratch.get();
    int bound = length & -LANES;
    for (int lane = 0; lane < LANES; lane++) {
      float sum = 0;
      for (int i = lane; i < bound; i += LANES) {
        sum += x[xOffset + i];
      }
      lanes[lane] = sum;
    }
    float sum = LaneSums.total(lanes, 0, LANES);
    for (int i = bound; i < length; i++) {
      sum += x[xOffset + i];
    }
    return sum;
  }

  private float sumOfSquares(float[] x, int xOffset, int length, float mean) {
    float[] lanes = scratch.get();
    int bound = length & -LANES;
    for (int lane = 0; lane < LANES; lane++) {
      float sum = 0;
      for (int i = lane; i < bound; i += LANES) {
        float difference = x[xOffset + i] - mean;
        sum = FusedMultiplyAdd.of(difference, difference, sum);
      }
      lanes[lane] = sum;
    }
    float sum = LaneSums.total(lanes, 0, LANES);
    for (int i = bound; i < length; i++) {
      float difference = x[xOffset + i] - mean;
      sum = FusedMultiplyAdd.of(difference, difference, sum);
    }
    return sum;
  }

  @Override
  public void normalizerSteps(
      int heads, int tokens, int width, float[] keys, float[] queries, float[] steps) {
    for (int i = 0; i < heads * tokens; i++) {
      int at = i * width;
      int normalizer = 4 * heads * tokens + i / tokens * width;
      float input = steps[4 * i];
      float forget = steps[4 * i + 1];
      for (int a = 0; a < width; a++) {
        keys[at + a] *= input;
        steps[normalizer + a] = forget * steps[normalizer + a] + keys[at + a];
      }
      steps[4 * i + 2] = dot(queries, at, steps, normalizer, width);
    }
  }

  private float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    float[] lanes = scratch.get();
    int bound = length & -LANES;
    LaneSums.products(a, aOffset, b, bOffset, bound, LANES, lanes, 0);
    float sum = LaneSums.total(lanes, 0, LANES);
    for (int i = bound; i < length; i++) {
      sum = FusedMultiplyAdd.of(a[aOffset + i], b[bOffset + i], sum);
    }
    return sum;
  }
}
