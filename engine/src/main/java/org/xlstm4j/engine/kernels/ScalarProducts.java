package org.xlstm4j.engine.kernels;

/**
 * What the scalar row kernels are made of: small loops that are compiled soon. A cold JVM pays
 * microseconds for each call into a memory segment, so several rows are copied out at once.
 */
final class ScalarProducts {
  /** Weights copied out at once, where a row is not longer. */
  private static final int PIECE = 4096;

  private ScalarProducts() {}

  /** How many rows are copied out at once. */
  static int rowsAtOnce(int columns) {
    return Math.max(1, PIECE / columns);
  }

  /** Widens a row of bf16 weights, its even columns first ({@link HalfKernels#split}). */
  static void widen(short[] weights, int offset, int columns, float[] target) {
    int half = columns >> 1;
    for (int i = 0; i < half; i++) {
      target[offset + i] = Float.intBitsToFloat(weights[offset + 2 * i] << 16);
      target[offset + half + i] = Float.intBitsToFloat(weights[offset + 2 * i + 1] << 16);
    }
    if ((columns & 1) != 0) {
      int last = offset + columns - 1;
      target[last] = Float.intBitsToFloat(weights[last] << 16);
    }
  }

  /** Products of rows that lie one after the other with some tokens. */
  static void multiply(
      float[] weights,
      int columns,
      int rows,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    for (int row = 0; row < rows; row++) {
      for (int token = 0; token < tokens; token++) {
        y[yOffset + token * yStride + row] =
            dot(weights, row * columns, x, token * xStride, columns);
      }
    }
  }

  /** Four partial sums, so that an addition need not wait for the one before it. */
  static float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i <= length - 4; i += 4) {
      sum0 += a[aOffset + i] * b[bOffset + i];
      sum1 += a[aOffset + i + 1] * b[bOffset + i + 1];
      sum2 += a[aOffset + i + 2] * b[bOffset + i + 2];
      sum3 += a[aOffset + i + 3] * b[bOffset + i + 3];
    }
    float sum = (sum0 + sum1) + (sum2 + sum3);
    for (; i < length; i++) {
      sum += a[aOffset + i] * b[bOffset + i];
    }
    return sum;
  }
}
