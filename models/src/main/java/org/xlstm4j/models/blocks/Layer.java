package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;

/**
 * A layer that takes some tokens in order and may remember them in the state of their sequence.
 * Immutable and thread-safe; buffers are scratch memory of the pass's workspace.
 */
public interface Layer {
  /**
   * Runs the tokens of a pass through the layer.
   *
   * @param pass the tokens
   * @param before makes the input out of what came before, for each token by itself; the layer runs
   *     it right before it reads the input, in the team's threads
   * @param x input
   * @param y result; must not overlap {@code x}. If {@link Pass#endsOnly()}, the first and the last
   *     token suffice.
   */
  void forward(Pass pass, TokenWork before, Columns x, Columns y);

  /**
   * The weights that a token is multiplied with.
   *
   * @return their number and size
   */
  Weights weights();
}
