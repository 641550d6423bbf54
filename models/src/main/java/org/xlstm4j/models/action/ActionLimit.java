package org.xlstm4j.models.action;

/**
 * What one dimension of an action may be and how it may change. Infinite bounds limit nothing.
 *
 * @param lowest least value, in the task's unit
 * @param highest greatest value, at least {@code lowest}
 * @param rate greatest change from one action to the next, above 0
 * @param jerk greatest difference between one such change and the next, above 0
 */
public record ActionLimit(float lowest, float highest, float rate, float jerk) {
  /** Limits nothing. */
  public static final ActionLimit NONE =
      new ActionLimit(
          Float.NEGATIVE_INFINITY,
          Float.POSITIVE_INFINITY,
          Float.POSITIVE_INFINITY,
          Float.POSITIVE_INFINITY);

  /** Checks the numbers. */
  public ActionLimit {
    if (!(lowest <= highest)
        || lowest == Float.POSITIVE_INFINITY
        || highest == Float.NEGATIVE_INFINITY
        || !(rate > 0)
        || !(jerk > 0)) {
      throw new IllegalArgumentException(
          "actions from " + lowest + " to " + highest + " of rate " + rate + " and jerk " + jerk);
    }
    // -0 becomes 0, since Math.clamp takes bounds of 0 and -0 for crossed ones
    lowest += 0f;
    highest += 0f;
  }

  /**
   * Bounds of the value alone.
   *
   * @param lowest least value
   * @param highest greatest value
   * @return the limit
   */
  public static ActionLimit ofRange(float lowest, float highest) {
    return new ActionLimit(lowest, highest, NONE.rate, NONE.jerk);
  }

  /** The same with another rate. */
  public ActionLimit withRate(float other) {
    return new ActionLimit(lowest, highest, other, jerk);
  }

  /** The same with another jerk. */
  public ActionLimit withJerk(float other) {
    return new ActionLimit(lowest, highest, rate, other);
  }

  /** Whether a value is within the bounds; NaN is not. */
  boolean permits(float value) {
    return value >= lowest && value <= highest;
  }
}
