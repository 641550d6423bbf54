package org.xlstm4j.models.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Weights of a linear head, fitted to embeddings. The same embeddings give the same weights at
 * every run.
 *
 * <p>Values are fitted by ridge regression, {@code sum (y - W e - b)^2 + penalty |W|^2}, classes by
 * multinomial logistic regression, {@code -sum log p + penalty / 2 |W|^2}; {@code b} is free.
 *
 * @param weight {@code [outputs][features]}
 * @param bias an addend an output
 * @param penalty that it was fitted with
 * @param trained how good it is on the embeddings it was fitted to: the share of right classes, or
 *     the share of the values' variance that is explained (R squared)
 * @param validated the same on embeddings left out of fits: one at a time for values, a fifth of
 *     each class at a time for classes
 */
@SuppressWarnings("ArrayRecordComponent") // a result: its receiver owns it
public record HeadFit(
    float[] weight, float[] bias, double penalty, double trained, double validated) {
  private static final int FOLDS = 5;

  /** Powers of ten of the penalties to try, in units of the embeddings' mean squared length. */
  private static final int LARGEST_POWER = 1;

  private static final int SMALLEST_POWER = -6;

  /** Of the gradient, where fits are only compared, and where they are kept. */
  private static final double ROUGH = 1e-5;

  private static final double EXACT = 1e-10;

  /**
   * Fits classes.
   *
   * @param embeddings at least two, of one length
   * @param classes of each, from 0 to one less than {@code outputs}
   * @param outputs number of classes, at least 2
   * @param penalty more than 0; if there is none, the one with which rows left out have the largest
   *     likelihood
   * @return the fit
   */
  public static HeadFit ofClasses(
      List<float[]> embeddings, int[] classes, int outputs, OptionalDouble penalty) {
    requireUsable(embeddings, classes.length, penalty);
    for (int own : classes) {
      if (own < 0 || own >= outputs || outputs < 2) {
        throw new IllegalArgumentException("class " + own + " of " + outputs);
      }
    }
    SpannedRows rows = SpannedRows.of(embeddings);
    Validation[] validations =
        penalties(rows, penalty).stream()
            .map(tried -> new Validation(tried, 0, 0))
            .toArray(Validation[]::new);
    int[] folds = folds(classes, outputs);
    for (int fold = 0; fold < FOLDS; fold++) {
      validate(
          rows,
          classes,
          outputs,
          members(folds, fold, false),
          members(folds, fold, true),
          validations);
    }
    Validation best = validations[0];
    for (Validation validation : validations) {
      best = validation.loss() < best.loss() ? validation : best;
    }
    int[] all = members(folds, -1, false);
    LogisticRegression problem =
        new LogisticRegression(rows, classes, outputs, all, best.penalty());
    double[] place = problem.fit(new double[0], EXACT);
    double right = 0;
    for (int row : all) {
      right += isRight(problem.logits(place, row), classes[row]) ? 1 : 0;
    }
    int count = embeddings.size();
    return head(rows, place, outputs, best.penalty(), right / count, (double) best.right() / count);
  }

  /** How a penalty does on rows left out. */
  private record Validation(double penalty, double loss, int right) {}

  /** Fits with each penalty from the largest down, each from where the last one ended. */
  private static void validate(
      SpannedRows rows,
      int[] classes,
      int outputs,
      int[] fitted,
      int[] leftOut,
      Validation[] validations) {
    double[] place = {};
    for (int i = 0; i < validations.length && leftOut.length > 0 && fitted.length > 0; i++) {
      Validation before = validations[i];
      LogisticRegression problem =
          new LogisticRegression(rows, classes, outputs, fitted, before.penalty());
      place = problem.fit(place, ROUGH);
      double loss = before.loss();
      int right = before.right();
      for (int row : leftOut) {
        double[] logits = problem.logits(place, row);
        loss += LogisticRegression.loss(logits, classes[row]);
        right += isRight(logits, classes[row]) ? 1 : 0;
      }
      validations[i] = new Validation(before.penalty(), loss, right);
    }
  }

  private static boolean isRight(double[] logits, int own) {
    for (int c = 0; c < logits.length; c++) {
      if (logits[c] > logits[own] || (logits[c] == logits[own] && c < own)) {
        return false;
      }
    }
    return true;
  }

  /** The fold of each row: those of a class go round the folds. */
  private static int[] folds(int[] classes, int outputs) {
    int[] folds = new int[classes.length];
    int next = 0;
    for (int c = 0; c < outputs; c++) {
      for (int row = 0; row < classes.length; row++) {
        if (classes[row] == c) {
          folds[row] = next % FOLDS;
          next++;
        }
      }
    }
    return folds;
  }

  private static int[] members(int[] folds, int fold, boolean of) {
    List<Integer> members = new ArrayList<>();
    for (int row = 0; row < folds.length; row++) {
      if ((folds[row] == fold) == of) {
        members.add(row);
      }
    }
    return members.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Fits values.
   *
   * @param embeddings at least two, of one length
   * @param values of each, finite
   * @param penalty at least 0; if there is none, the one with the least squared error of rows left
   *     out
   * @return the fit, of one output
   * @throws IllegalArgumentException also if the penalty is too small for the weights to be
   *     determined
   */
  public static HeadFit ofValues(
      List<float[]> embeddings, double[] values, OptionalDouble penalty) {
    requireUsable(embeddings, values.length, penalty);
    if (!Arrays.stream(values).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("values that are not finite");
    }
    SpannedRows rows = SpannedRows.of(embeddings);
    RidgeRegression problem = new RidgeRegression(rows, values);
    RidgeRegression.Fit best = null;
    double bestPenalty = 0;
    double least = Double.POSITIVE_INFINITY;
    for (double tried : penalties(rows, penalty)) {
      RidgeRegression.Fit fit;
      try {
        fit = problem.fit(tried);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("a penalty of " + tried + " is too small", e);
      }
      double error = squaredError(fit.leftOut(), values);
      if (best == null || error < least) {
        best = fit;
        bestPenalty = tried;
        least = error;
      }
    }
    if (best == null) {
      throw new IllegalStateException("no penalty");
    }
    double[] place = Arrays.copyOf(best.coordinates(), rows.rank() + 1);
    place[rows.rank()] = problem.mean();
    return head(
        rows,
        place,
        1,
        bestPenalty,
        determination(best.fitted(), values),
        determination(best.leftOut(), values));
  }

  /**
   * The share of the variance of values that predictions explain (R squared).
   *
   * @param predicted as many as values
   * @param values what is to be predicted
   * @return 1 if all are right, 0 if the values' mean were as good
   */
  public static double determination(double[] predicted, double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double variance = 0;
    for (double value : values) {
      variance += (value - mean) * (value - mean);
    }
    return 1 - squaredError(predicted, values) / variance;
  }

  private static double squaredError(double[] predicted, double[] values) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += (predicted[i] - values[i]) * (predicted[i] - values[i]);
    }
    return sum;
  }

  private static void requireUsable(List<float[]> embeddings, int targets, OptionalDouble penalty) {
    if (embeddings.size() < 2 || embeddings.size() != targets) {
      throw new IllegalArgumentException(
          embeddings.size() + " embeddings for " + targets + " classes or values");
    }
    if (!(penalty.orElse(1) >= 0 && penalty.orElse(1) < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a penalty of " + penalty.orElse(1));
    }
  }

  private static List<Double> penalties(SpannedRows rows, OptionalDouble given) {
    if (given.isPresent()) {
      return List.of(given.getAsDouble());
    }
    double unit = Math.max(rows.meanSquare(), Double.MIN_NORMAL);
    List<Double> penalties = new ArrayList<>();
    for (int power = LARGEST_POWER; power >= SMALLEST_POWER; power--) {
      penalties.add(unit * Math.pow(10, power));
    }
    return penalties;
  }

  /** Weights and addends of coordinates as those of features. */
  private static HeadFit head(
      SpannedRows rows,
      double[] place,
      int outputs,
      double penalty,
      double trained,
      double validated) {
    int stride = rows.rank() + 1;
    float[] bias = new float[outputs];
    List<double[]> weights = new ArrayList<>();
    for (int c = 0; c < outputs; c++) {
      double[] own = rows.weights(Arrays.copyOfRange(place, c * stride, (c + 1) * stride - 1));
      bias[c] = (float) (place[(c + 1) * stride - 1] - rows.ofMean(own));
      weights.add(own);
    }
    int features = weights.getFirst().length;
    float[] weight = new float[outputs * features];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) weights.get(i / features)[i % features];
    }
    return new HeadFit(weight, bias, penalty, trained, validated);
  }
}
