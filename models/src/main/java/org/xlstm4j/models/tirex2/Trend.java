package org.xlstm4j.models.tirex2;

/**
 * Whether a series has a trend: a line that fits it well and rises or falls by more than its
 * deviation. The sums are kept value by value, so a series that grows need not be kept.
 */
final class Trend {
  private static final int LEAST_VALUES = 4;
  private static final double LEAST_DEVIATION = 1e-12;
  private static final double LEAST_CHANGE = 1.5;
  private static final double LEAST_FIT = 0.87;

  /** Values so far, those that are missing included. */
  private long length;

  /** Those that are there. */
  private long present;

  private double meanPosition;
  private double meanValue;

  /** Sums of squares and products of the differences from the means. */
  private double positionSquares;

  private double valueSquares;
  private double products;

  /** The sums of a whole series. */
  static Trend of(float[] series) {
    Trend trend = new Trend();
    for (float value : series) {
      trend.add(value);
    }
    return trend;
  }

  /** Adds the next value, NaN if it is missing. */
  void add(float value) {
    if (!Float.isNaN(value)) {
      present++;
      double position = length - meanPosition;
      double difference = value - meanValue;
      meanPosition += position / present;
      meanValue += difference / present;
      positionSquares += position * (length - meanPosition);
      valueSquares += difference * (value - meanValue);
      products += position * (value - meanValue);
    }
    length++;
  }

  /** Whether the values so far have a trend. */
  boolean isThere() {
    if (present < LEAST_VALUES) {
      return false;
    }
    double deviation = Math.sqrt(valueSquares / (present - 1));
    if (!(deviation >= LEAST_DEVIATION)) {
      return false;
    }
    double slope = products / positionSquares / deviation;
    double fit = products / positionSquares * (products / valueSquares);
    return Math.abs(slope) * length >= LEAST_CHANGE && fit >= LEAST_FIT;
  }
}
