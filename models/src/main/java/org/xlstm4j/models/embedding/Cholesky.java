package org.xlstm4j.models.embedding;

import java.util.Arrays;

/** The lower triangular {@code L} with {@code L L' = A}, for a positive definite {@code A}. */
final class Cholesky {
  private final double[][] factor;

  private Cholesky(double[][] factor) {
    this.factor = factor;
  }

  /**
   * Factors {@code A + shift I}.
   *
   * @param matrix symmetric; its lower triangle is read
   * @param shift added to the diagonal
   * @throws ArithmeticException if the sum is not positive definite
   */
  static Cholesky of(double[][] matrix, double shift) {
    int size = matrix.length;
    double[][] factor = new double[size][];
    for (int i = 0; i < size; i++) {
      factor[i] = Arrays.copyOf(matrix[i], i + 1);
      factor[i][i] += shift;
      double[] row = factor[i];
      for (int j = 0; j < i; j++) {
        row[j] = (row[j] - DoubleVectors.dot(row, factor[j], j)) / factor[j][j];
      }
      double pivot = row[i] - DoubleVectors.dot(row, row, i);
      if (!(pivot > 0)) {
        throw new ArithmeticException("pivot " + i + " is " + pivot);
      }
      row[i] = Math.sqrt(pivot);
    }
    return new Cholesky(factor);
  }

  /** Solves {@code L x = b}. */
  double[] solveLower(double[] b) {
    double[] x = b.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] = (x[i] - DoubleVectors.dot(factor[i], x, i)) / factor[i][i];
    }
    return x;
  }

  /** Solves {@code L' x = b}. */
  double[] solveUpper(double[] b) {
    double[] x = b.clone();
    for (int i = x.length - 1; i >= 0; i--) {
      x[i] /= factor[i][i];
      DoubleVectors.add(-x[i], factor[i], i, x, 0);
    }
    return x;
  }
}
