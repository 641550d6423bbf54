package org.xlstm4j.models.embedding;

/** Sums over arrays of doubles. */
final class DoubleVectors {
  private DoubleVectors() {}

  /** The product of the first values of two vectors; four sums, so that additions overlap. */
  static double dot(double[] a, double[] b, int count) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      sum0 += a[i] * b[i];
      sum1 += a[i + 1] * b[i + 1];
      sum2 += a[i + 2] * b[i + 2];
      sum3 += a[i + 3] * b[i + 3];
    }
    for (; i < count; i++) {
      sum0 += a[i] * b[i];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }

  /** The same of floats, whose products are exact. */
  static double dot(float[] a, float[] b) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i + 3 < a.length; i += 4) {
      sum0 += (double) a[i] * b[i];
      sum1 += (double) a[i + 1] * b[i + 1];
      sum2 += (double) a[i + 2] * b[i + 2];
      sum3 += (double) a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      sum0 += (double) a[i] * b[i];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }

  /** {@code target[first + i] += factor * values[i]}. */
  static void add(double factor, double[] values, int count, double[] target, int first) {
    for (int i = 0; i < count; i++) {
      target[first + i] += factor * values[i];
    }
  }
}
