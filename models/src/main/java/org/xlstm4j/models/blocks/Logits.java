package org.xlstm4j.models.blocks;

/** What choosing by logits has in common. */
public final class Logits {
  private Logits() {}

  /**
   * The largest of some logits.
   *
   * @param logits values
   * @param first index of the first that counts
   * @param count how many count, at least 1
   * @return index of the largest; of several equal ones the first
   * @throws IllegalStateException if it is not finite
   */
  public static int largest(float[] logits, int first, int count) {
    int best = first;
    for (int i = first + 1; i < first + count; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    if (!Float.isFinite(logits[best])) {
      throw Finite.failure("logits", logits[best]);
    }
    return best;
  }
}
