package org.xlstm4j.models.tirex;

/**
 * How the values of a pass are scaled before the network sees them: {@code z = (x - location) /
 * scale}, with the mean and the standard deviation of the values that are there.
 *
 * @param location mean; 0 if all values are missing
 * @param scale standard deviation; 1 if all values are missing, a little more than the location's
 *     magnitude if all values are equal
 */
record Scaling(float location, float scale) {
  private static final float EPSILON = 1e-5f;

  /** The scaling of some values, among them NaN for missing ones. */
  static Scaling of(float[] values, int first, int end) {
    double sum = 0;
    int present = 0;
    for (int i = first; i < end; i++) {
      if (!Float.isNaN(values[i])) {
        sum += values[i];
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
    return new Scaling(location, scale == 0 ? Math.abs(location) + EPSILON : scale);
  }

  float scaled(float value) {
    return (value - location) / scale;
  }

  float restored(float value) {
    return value * scale + location;
  }
}
