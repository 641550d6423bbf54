package org.xlstm4j.models.embedding;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Embeddings less their mean, in coordinates of the space that they span. With fewer embeddings
 * than features these are few: a linear head whose weights are penalized lies in that space, so it
 * is fitted there. The coordinates are rows of a Cholesky factor with pivots of the embeddings'
 * products with each other.
 *
 * <p>Immutable.
 */
final class SpannedRows {
  /** A part of the largest product below which what is left of a row is rounding. */
  private static final double ROUNDING = 1e-11;

  private final List<float[]> embeddings;
  private final double[] mean;
  private final double[][] rows;
  private final int rank;

  /** The embeddings whose coordinates are triangular; none where coordinates are features. */
  private final int[] pivots;

  private SpannedRows(
      List<float[]> embeddings, double[] mean, double[][] rows, int rank, int... pivots) {
    this.embeddings = embeddings;
    this.mean = mean;
    this.rows = rows;
    this.rank = rank;
    this.pivots = pivots;
  }

  static SpannedRows of(List<float[]> embeddings) {
    int features = embeddings.getFirst().length;
    double[] mean = mean(embeddings);
    if (features < embeddings.size()) {
      double[][] rows =
          embeddings.stream().map(row -> centered(row, mean)).toArray(double[][]::new);
      return new SpannedRows(embeddings, mean, rows, features);
    }
    return factored(embeddings, mean);
  }

  private static double[] mean(List<float[]> embeddings) {
    double[] mean = new double[embeddings.getFirst().length];
    for (float[] embedding : embeddings) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += embedding[i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= embeddings.size();
    }
    return mean;
  }

  private static double[] centered(float[] embedding, double[] mean) {
    double[] row = new double[mean.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = embedding[i] - mean[i];
    }
    return row;
  }

  private static SpannedRows factored(List<float[]> embeddings, double[] mean) {
    double[][] products = centeredProducts(embeddings);
    int count = products.length;
    double[] left = new double[count];
    double largest = 0;
    for (int i = 0; i < count; i++) {
      left[i] = products[i][i];
      largest = Math.max(largest, left[i]);
    }
    double[][] rows = new double[count][count];
    int[] order = IntStream.range(0, count).toArray();
    int rank = 0;
    for (; rank < count; rank++) {
      int best = rank;
      for (int i = rank; i < count; i++) {
        best = left[order[i]] > left[order[best]] ? i : best;
      }
      int pivot = order[best];
      if (!(left[pivot] > ROUNDING * largest)) {
        break;
      }
      order[best] = order[rank];
      order[rank] = pivot;
      double root = Math.sqrt(left[pivot]);
      rows[pivot][rank] = root;
      for (int i = rank + 1; i < count; i++) {
        int row = order[i];
        double rest = products[row][pivot] - DoubleVectors.dot(rows[row], rows[pivot], rank);
        rows[row][rank] = rest / root;
        left[row] -= rows[row][rank] * rows[row][rank];
      }
    }
    return new SpannedRows(
        embeddings, mean, rows, rank, IntStream.range(0, rank).map(i -> order[i]).toArray());
  }

  /** Products of the embeddings less their mean. */
  private static double[][] centeredProducts(List<float[]> embeddings) {
    int count = embeddings.size();
    double[][] products = new double[count][count];
    double[] means = new double[count];
    double meanOfAll = 0;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j <= i; j++) {
        products[i][j] = DoubleVectors.dot(embeddings.get(i), embeddings.get(j));
        products[j][i] = products[i][j];
      }
    }
    for (int i = 0; i < count; i++) {
      for (double product : products[i]) {
        means[i] += product / count;
      }
      meanOfAll += means[i] / count;
    }
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        products[i][j] += meanOfAll - means[i] - means[j];
      }
    }
    return products;
  }

  /** How many there are. */
  int count() {
    return rows.length;
  }

  /** How many coordinates each has. */
  int rank() {
    return rank;
  }

  /** The coordinates of a row; what lies behind {@link #rank()} means nothing. */
  double[] row(int index) {
    return rows[index];
  }

  /** The mean squared length of the rows: the unit in which penalties are tried. */
  double meanSquare() {
    double sum = 0;
    for (double[] row : rows) {
      sum += DoubleVectors.dot(row, row, rank);
    }
    return sum / rows.length;
  }

  /**
   * Weights of coordinates as weights of features.
   *
   * @param coordinates {@code rank} of them
   * @return a weight a feature
   */
  double[] weights(double[] coordinates) {
    if (pivots.length == 0) {
      return rank == mean.length ? coordinates.clone() : new double[mean.length];
    }
    double[] factors = coordinates.clone();
    double[] weights = new double[mean.length];
    double sum = 0;
    for (int i = rank - 1; i >= 0; i--) {
      double[] row = rows[pivots[i]];
      factors[i] /= row[i];
      DoubleVectors.add(-factors[i], row, i, factors, 0);
      float[] embedding = embeddings.get(pivots[i]);
      for (int f = 0; f < weights.length; f++) {
        weights[f] += factors[i] * embedding[f];
      }
      sum += factors[i];
    }
    DoubleVectors.add(-sum, mean, mean.length, weights, 0);
    return weights;
  }

  /** What weights make of the mean. */
  double ofMean(double[] weights) {
    return DoubleVectors.dot(weights, mean, mean.length);
  }
}
