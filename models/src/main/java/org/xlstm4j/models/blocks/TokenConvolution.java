package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.tokens.Columns;

/**
 * A convolution over the tokens of a layer, each channel on its own. Immutable and thread-safe;
 * what it remembers is in the pass's state.
 */
public interface TokenConvolution {
  /**
   * Takes the tokens in.
   *
   * @param pass the tokens
   * @param x input, a value a channel and token
   */
  void begin(Pass pass, Columns x);

  /**
   * Computes some of the tokens' results; called in several threads for different tokens.
   *
   * @param pass the tokens
   * @param x input, as it was taken in
   * @param first index of the first token, a multiple of {@link #unit}
   * @param count how many, a multiple of {@link #unit}
   * @param y result; must not overlap {@code x}
   */
  void apply(Pass pass, Columns x, int first, int count, Columns y);

  /**
   * How many tokens are computed together.
   *
   * @param pass the tokens
   * @return at least 1
   */
  int unit(Pass pass);

  /**
   * The weights that a token is multiplied with.
   *
   * @return their number and size
   */
  Weights weights();
}
