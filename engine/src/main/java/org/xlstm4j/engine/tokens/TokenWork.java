package org.xlstm4j.engine.tokens;

/**
 * Computes the input of a projection: norms, gates, residual sums. Tokens are independent of each
 * other, so the members of a team share them.
 */
@FunctionalInterface
public interface TokenWork {
  /** The input is there already. */
  TokenWork NONE = (first, count) -> {};

  /**
   * Works on some tokens; others may be worked on in other threads meanwhile.
   *
   * @param first index of the first token
   * @param count how many, at least 1
   */
  void run(int first, int count);
}
