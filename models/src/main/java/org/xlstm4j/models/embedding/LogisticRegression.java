package org.xlstm4j.models.embedding;

import java.util.Arrays;

/**
 * Multinomial logistic regression with a penalty: the least {@code -sum log p + penalty / 2 |W|^2}
 * with {@code p = softmax(W z + b)} of each row's class, by Newton steps that conjugate gradients
 * approximate. The same numbers at every run.
 */
final class LogisticRegression {
  private static final int STEPS = 200;
  private static final int CONJUGATE_STEPS = 300;
  private static final int HALVINGS = 40;
  private static final double SUFFICIENT = 1e-4;

  private final SpannedRows rows;
  private final int[] classes;
  private final int outputs;
  private final int[] chosen;
  private final int stride;
  private final double penalty;

  /** {@code [chosen rows][outputs]}, at the current place. */
  private final double[][] probabilities;

  /**
   * A problem.
   *
   * @param rows all rows
   * @param classes of all rows
   * @param outputs number of classes
   * @param chosen the rows to fit to
   * @param penalty more than 0
   */
  LogisticRegression(SpannedRows rows, int[] classes, int outputs, int[] chosen, double penalty) {
    this.rows = rows;
    this.classes = classes;
    this.outputs = outputs;
    this.chosen = chosen;
    this.penalty = penalty;
    stride = rows.rank() + 1;
    probabilities = new double[chosen.length][outputs];
  }

  /**
   * Fits.
   *
   * @param start {@code [outputs][rank + 1]}, weights and then the addend of each class: where to
   *     begin; an empty array for zeros
   * @param tolerance of each element of the gradient, a row
   * @return the fit, laid out as the start
   */
  double[] fit(double[] start, double tolerance) {
    double[] place = start.length == 0 ? new double[outputs * stride] : start.clone();
    double[] gradient = new double[place.length];
    double loss = evaluate(place, gradient);
    for (int step = 0; step < STEPS; step++) {
      if (largest(gradient) <= tolerance * chosen.length) {
        break;
      }
      double[] direction = direction(gradient);
      double slope = DoubleVectors.dot(gradient, direction, direction.length);
      double[] next = place.clone();
      double length = 1;
      double lower = Double.NaN;
      for (int halving = 0;
          halving < HALVINGS && !(lower <= loss + SUFFICIENT * length * slope);
          halving++) {
        length = halving == 0 ? 1 : length / 2;
        next = place.clone();
        DoubleVectors.add(length, direction, direction.length, next, 0);
        lower = evaluate(next, gradient);
      }
      if (!(lower < loss)) {
        // the loss is as low as its rounding lets it become
        break;
      }
      place = next;
      loss = lower;
    }
    return place;
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }

  /** The outputs for a row. */
  double[] logits(double[] place, int index) {
    double[] row = rows.row(index);
    double[] logits = new double[outputs];
    for (int c = 0; c < outputs; c++) {
      logits[c] = score(place, c, row);
    }
    return logits;
  }

  private double score(double[] place, int output, double[] row) {
    int from = output * stride;
    double sum0 = place[from + stride - 1];
    double sum1 = 0;
    int count = stride - 1;
    int i = 0;
    for (; i + 1 < count; i += 2) {
      sum0 += place[from + i] * row[i];
      sum1 += place[from + i + 1] * row[i + 1];
    }
    return (i < count ? sum0 + place[from + i] * row[i] : sum0) + sum1;
  }

  /** Minus the logarithm of the probability that logits give a class. */
  static double loss(double[] logits, int own) {
    double largest = Arrays.stream(logits).max().orElse(0);
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return Math.log(sum) + largest - logits[own];
  }

  /** The loss, and its gradient; the probabilities are kept for {@link #curvature}. */
  private double evaluate(double[] place, double[] gradient) {
    startWithPenalty(place, gradient);
    double loss = 0.5 * DoubleVectors.dot(place, gradient, place.length);
    for (int i = 0; i < chosen.length; i++) {
      double[] logits = logits(place, chosen[i]);
      int own = classes[chosen[i]];
      double lossOfRow = loss(logits, own);
      loss += lossOfRow;
      double normalizer = lossOfRow + logits[own];
      for (int c = 0; c < outputs; c++) {
        probabilities[i][c] = Math.exp(logits[c] - normalizer);
        double error = probabilities[i][c] - (c == own ? 1 : 0);
        addRow(error, chosen[i], gradient, c);
      }
    }
    return loss;
  }

  /** {@code penalty * weights}; the addends are free. */
  private void startWithPenalty(double[] place, double[] target) {
    for (int i = 0; i < place.length; i++) {
      target[i] = i % stride == stride - 1 ? 0 : penalty * place[i];
    }
  }

  private void addRow(double factor, int index, double[] target, int output) {
    int first = output * stride;
    DoubleVectors.add(factor, rows.row(index), stride - 1, target, first);
    target[first + stride - 1] += factor;
  }

  /** The second derivative times a vector. */
  private double[] curvature(double[] vector) {
    double[] product = new double[vector.length];
    startWithPenalty(vector, product);
    for (int i = 0; i < chosen.length; i++) {
      double[] changes = logits(vector, chosen[i]);
      double mean = DoubleVectors.dot(probabilities[i], changes, outputs);
      for (int c = 0; c < outputs; c++) {
        addRow(probabilities[i][c] * (changes[c] - mean), chosen[i], product, c);
      }
    }
    return product;
  }

  /** Minus the gradient over the curvature, as far as it pays. */
  private double[] direction(double[] gradient) {
    double[] direction = new double[gradient.length];
    double[] rest = new double[gradient.length];
    DoubleVectors.add(-1, gradient, gradient.length, rest, 0);
    double[] search = rest.clone();
    double square = DoubleVectors.dot(rest, rest, rest.length);
    double norm = Math.sqrt(square);
    double enough = Math.min(0.1, Math.sqrt(norm / chosen.length)) * norm;
    for (int step = 0; step < CONJUGATE_STEPS && Math.sqrt(square) > enough; step++) {
      double[] curved = curvature(search);
      double bend = DoubleVectors.dot(search, curved, search.length);
      if (!(bend > 0)) {
        break;
      }
      double length = square / bend;
      DoubleVectors.add(length, search, search.length, direction, 0);
      DoubleVectors.add(-length, curved, curved.length, rest, 0);
      double next = DoubleVectors.dot(rest, rest, rest.length);
      for (int i = 0; i < search.length; i++) {
        search[i] = rest[i] + next / square * search[i];
      }
      square = next;
    }
    return direction;
  }
}
