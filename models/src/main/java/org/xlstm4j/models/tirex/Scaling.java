package org.xlstm4j.models.tirex;

/**
 * How the values of a pass are scaled before the network sees them: {@code z = (x - location) /
 * scale}, with the mean and the standard deviation of the values that are there.
 *
 * @param location mean; 0 if all values are missing
 * @param scale standard deviation; 1 if all values are missing; if all values are equal, a little
 *     more than the location's magnitude, or next to nothing where the original's sum rounds
 */
record Scaling(float location, float scale) {
  private static final float EPSILON = 1e-5f;

  /** The scaling of some values, among them NaN for missing ones. */
  static Scaling of(float[] values, int first, int end) {
    double sum = 0;
    float roundedSum = 0;
    int present = 0;
    for (int i = first; i < end; i++) {
      if (!Float.isNaN(values[i])) {
        sum += values[i];
        roundedSum += values[i];
        present++;
      }
    }
    if (present == 0) {
      return new Scaling(0, 1);
    }
    float location = (float) (sum / present);
    double squares = 0;
    for (int i = first; i < end; i++) {
      if (!Float.isNaN(values[i])) {
        double difference = values[i] - location;
        squares += difference * difference;
      }
    }
    float scale = (float) Math.sqrt(squares / present);
    return new Scaling(
        location, scale > 0 ? scale : ofEqual(location, roundedSum / present == location));
  }

  /**
   * The scale of equal values. The original's mean is a sum of 32-bit floats: where it rounds, the
   * original finds a tiny scale about a mean that is off the value, and forecasts the value itself.
   */
  private static float ofEqual(float value, boolean exact) {
    return exact ? Math.abs(value) + EPSILON : Float.MIN_VALUE;
  }

  float scaled(float value) {
    return (value - location) / scale;
  }

  float restored(float value) {
    return value * scale + location;
  }
}
