package org.xlstm4j.models.blocks;

/** Refuses results that are no numbers: nobody is to act on what damaged weights give. */
public final class Finite {
  private static final int MAGNITUDE = 0x7fffffff;
  private static final int INFINITE = 0x7f800000;

  private Finite() {}

  /**
   * Checks a result, without allocating.
   *
   * @param what the values are called, a plural
   * @param values which hold the result
   * @param first index of the first value to check
   * @param count how many to check
   * @throws IllegalStateException if one of them is infinite or not a number
   */
  public static void require(String what, float[] values, int first, int count) {
    int largest = 0;
    for (int i = first; i < first + count; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & MAGNITUDE);
    }
    if (largest >= INFINITE) {
      throw failure(what, Float.intBitsToFloat(largest));
    }
  }

  /** What to throw for a value that is not finite. */
  static IllegalStateException failure(String what, float value) {
    return new IllegalStateException(
        "the model's " + what + " are " + value + ": its weights or its state are damaged");
  }
}
