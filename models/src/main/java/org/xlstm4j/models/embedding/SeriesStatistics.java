package org.xlstm4j.models.embedding;

import java.util.Arrays;
import java.util.List;

/**
 * Mean, deviation, maximum and minimum of some patches of a series, relative to those of other
 * series: the part of an augmented embedding that does not come from the network.
 *
 * <p>A series of {@code n} values has full patches of {@code max(1, n / 8)} from its start, and a
 * shorter one if values are left. The features lie as {@code [variate][patch][4]}. A full patch
 * skips missing values and has the deviation of a population; the shorter one has no feature where
 * a value is missing, and the deviation of a sample, which one value has not.
 *
 * @param means of the features over a set of series, missing ones left out
 * @param deviations of the features over the same series; 0 for features that say nothing about a
 *     series: those that are the same in all of them, or whose full patch has no value in one of
 *     them
 */
@SuppressWarnings("ArrayRecordComponent") // handed to and from files as they are
public record SeriesStatistics(double[] means, double[] deviations) {
  private static final int PATCHES = 8;
  private static final int FEATURES = 4;
  private static final double EPSILON = 1e-8;

  /** A deviation that is nothing but the rounding of the mean. */
  private static final double ROUNDING = 1e-13;

  /** Checks that both are of one length, finite, and no deviation is negative. */
  public SeriesStatistics {
    if (means.length != deviations.length || means.length == 0) {
      throw new IllegalArgumentException(
          means.length + " means and " + deviations.length + " deviations");
    }
    for (int i = 0; i < means.length; i++) {
      if (!Double.isFinite(means[i]) || !(deviations[i] >= 0) || deviations[i] > Double.MAX_VALUE) {
        throw new IllegalArgumentException(
            "feature " + i + " has the mean " + means[i] + ", the deviation " + deviations[i]);
      }
    }
  }

  /**
   * How many features a series has.
   *
   * @param variates at least 1
   * @param length values of each, at least 1
   * @return at least 4
   */
  public static int count(int variates, int length) {
    int patch = patch(length);
    return Math.multiplyExact(variates, FEATURES * ((length - 1) / patch + 1));
  }

  private static int patch(int length) {
    return Math.max(1, length / PATCHES);
  }

  /**
   * The statistics of some series.
   *
   * @param series at least one, {@code [variates][values]}, all of the same shape
   * @return what they and others can be relative to
   */
  public static SeriesStatistics of(List<float[][]> series) {
    double[][] features = series.stream().map(SeriesStatistics::features).toArray(double[][]::new);
    int count = features[0].length;
    double[] means = new double[count];
    double[] deviations = new double[count];
    for (int i = 0; i < count; i++) {
      int feature = i;
      double[] present =
          Arrays.stream(features)
              .mapToDouble(row -> row[feature])
              .filter(value -> !Double.isNaN(value))
              .toArray();
      double mean = Arrays.stream(present).average().orElse(0);
      double squares = 0;
      for (double value : present) {
        squares += (value - mean) * (value - mean);
      }
      double deviation = present.length == 0 ? 0 : Math.sqrt(squares / present.length);
      if (Double.isFinite(mean) && deviation > ROUNDING * Math.abs(mean)) {
        means[i] = mean;
        deviations[i] = deviation;
      }
    }
    return new SeriesStatistics(means, deviations);
  }

  /**
   * How many features these are of.
   *
   * @return at least 1
   */
  public int count() {
    return means.length;
  }

  /**
   * The features of a series relative to these: less the mean, over the deviation, 0 where they are
   * missing; then the same with mean and deviation of the result itself.
   *
   * @param series {@code [variates][values]}, as many features as these
   * @param target gets {@link #count()} values
   * @param first index of the first of them
   */
  public void relative(float[][] series, float[] target, int first) {
    double[] features = features(series);
    if (features.length != count()) {
      throw new IllegalArgumentException(
          features.length + " statistics of a series, " + count() + " to be relative to");
    }
    for (int i = 0; i < features.length; i++) {
      double relative = (features[i] - means[i]) / (deviations[i] + EPSILON);
      features[i] = deviations[i] > 0 && Double.isFinite(relative) ? relative : 0;
    }
    double mean = Arrays.stream(features).average().orElse(0);
    double squares = 0;
    for (double feature : features) {
      squares += (feature - mean) * (feature - mean);
    }
    double deviation = Math.sqrt(squares / (features.length - 1));
    for (int i = 0; i < features.length; i++) {
      target[first + i] = (float) ((features[i] - mean) / (deviation + EPSILON));
    }
  }

  /** NaN where missing; a full patch without a value has an infinite maximum and minimum. */
  private static double[] features(float[][] series) {
    int length = series[0].length;
    int patch = patch(length);
    double[] features = new double[count(series.length, length)];
    int to = 0;
    for (float[] variate : series) {
      for (int first = 0; first < length; first += patch) {
        int end = Math.min(first + patch, length);
        boolean full = end - first == patch;
        describe(variate, first, end, full, features, to);
        to += FEATURES;
      }
    }
    return features;
  }

  private static void describe(
      float[] values, int first, int end, boolean full, double[] features, int to) {
    double sum = 0;
    int present = 0;
    double maximum = Double.NEGATIVE_INFINITY;
    double minimum = Double.POSITIVE_INFINITY;
    for (int i = first; i < end; i++) {
      if (!Float.isNaN(values[i])) {
        sum += values[i];
        present++;
        maximum = Math.max(maximum, values[i]);
        minimum = Math.min(minimum, values[i]);
      }
    }
    if (!full && present < end - first) {
      Arrays.fill(features, to, to + FEATURES, Double.NaN);
      return;
    }
    double mean = sum / present;
    double squares = 0;
    for (int i = first; i < end; i++) {
      if (!Float.isNaN(values[i])) {
        squares += (values[i] - mean) * (values[i] - mean);
      }
    }
    features[to] = mean;
    features[to + 1] = Math.sqrt(squares / (full ? present : present - 1));
    features[to + 2] = maximum;
    features[to + 3] = minimum;
  }
}
