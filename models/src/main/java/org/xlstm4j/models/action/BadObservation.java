package org.xlstm4j.models.action;

/**
 * What a {@link GuardedSession} does with an observation or a reward that cannot be used: of the
 * wrong length, not finite, or refused by the model.
 */
public sealed interface BadObservation {
  /** Refuses it with an exception, as sessions without a guard do. */
  record Reject() implements BadObservation {}

  /**
   * Repeats the last action; the model does not see the step.
   *
   * @param most in a row, at least 1; one more stops the session
   */
  record Hold(int most) implements BadObservation {
    /** Checks the number. */
    public Hold {
      requireSome(most);
    }
  }

  /**
   * Gives the model its last good observation once more. Before the first one it is as {@link
   * Hold}.
   *
   * @param most in a row, at least 1; one more stops the session
   */
  record Last(int most) implements BadObservation {
    /** Checks the number. */
    public Last {
      requireSome(most);
    }
  }

  /** {@link Reject}. */
  static BadObservation reject() {
    return new Reject();
  }

  /** {@link Hold} without an end. */
  static BadObservation hold() {
    return new Hold(Integer.MAX_VALUE);
  }

  /** {@link Last} without an end. */
  static BadObservation last() {
    return new Last(Integer.MAX_VALUE);
  }

  private static void requireSome(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("at most " + most + " bad observations in a row");
    }
  }
}
