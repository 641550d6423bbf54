package org.xlstm4j.engine.tokens;

/**
 * What makes the input of a projection out of what came before: norms, gates, residual sums. Each
 * token is worked on by itself, so the members of a team share them.
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
