package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.tokens.Columns;

/** A norm, each token on its own. Immutable and thread-safe. */
@FunctionalInterface
public interface TokenNorm {
  /**
   * Normalizes some tokens.
   *
   * @param x input
   * @param first index of the first token
   * @param count how many
   * @param y result; may be {@code x}
   */
  void apply(Columns x, int first, int count, Columns y);
}
