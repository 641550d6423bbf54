package org.xlstm4j.models.embedding;

import java.util.Arrays;

/**
 * Least squares with a penalty, {@code sum (y - w z - b)^2 + penalty |w|^2}, in closed form, with
 * its errors on rows that are left out of the fit one at a time.
 */
final class RidgeRegression {
  private final SpannedRows rows;
  private final double[] values;
  private final double mean;

  /** Products of the coordinates with each other and with the values. */
  private final double[][] products;

  private final double[] moments;

  RidgeRegression(SpannedRows rows, double[] values) {
    this.rows = rows;
    this.values = values;
    mean = Arrays.stream(values).average().orElse(0);
    int rank = rows.rank();
    products = new double[rank][rank];
    moments = new double[rank];
    for (int i = 0; i < rows.count(); i++) {
      double[] row = rows.row(i);
      for (int j = 0; j < rank; j++) {
        DoubleVectors.add(row[j], row, j + 1, products[j], 0);
      }
      DoubleVectors.add(values[i] - mean, row, rank, moments, 0);
    }
  }

  /**
   * A fit.
   *
   * @param coordinates its weights
   * @param fitted its values for all rows
   * @param leftOut for each row the value of the fit to all others
   */
  @SuppressWarnings("ArrayRecordComponent") // a result
  record Fit(double[] coordinates, double[] fitted, double[] leftOut) {}

  /** The value of a row whose coordinates are zero. */
  double mean() {
    return mean;
  }

  /**
   * Fits.
   *
   * @param penalty at least 0
   * @throws ArithmeticException if it is too small for the fit to be determined
   */
  Fit fit(double penalty) {
    Cholesky factor = Cholesky.of(products, penalty);
    double[] coordinates = factor.solveUpper(factor.solveLower(moments));
    int count = rows.count();
    double[] fitted = new double[count];
    double[] leftOut = new double[count];
    for (int i = 0; i < count; i++) {
      double[] row = Arrays.copyOf(rows.row(i), rows.rank());
      fitted[i] = mean + DoubleVectors.dot(coordinates, row, row.length);
      double[] solved = factor.solveLower(row);
      double leverage = 1.0 / count + DoubleVectors.dot(solved, solved, solved.length);
      double error = (values[i] - fitted[i]) / Math.max(1 - leverage, Double.MIN_NORMAL);
      leftOut[i] = values[i] - error;
    }
    return new Fit(coordinates, fitted, leftOut);
  }
}
