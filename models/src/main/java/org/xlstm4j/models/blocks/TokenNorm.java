package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.Columns;

/** A norm, each token on its own. */
public interface TokenNorm {
  /**
   * Normalizes some tokens.
   *
   * @param x input
   * @param tokens how many
   * @param y result; may be {@code x}
   */
  void apply(Columns x, int tokens, Columns y);
}
