package org.xlstm4j.models.sequence;

import org.xlstm4j.engine.tokens.Columns;

/**
 * One session's computation: buffers of its own, the model's weights, the session's state. Not
 * thread-safe.
 */
public interface SequenceNetwork {
  /** Most tokens a call of {@link #forward} takes. */
  int CHUNK = 512;

  /**
   * Runs tokens through the model and updates the state.
   *
   * @param x input, {@code [tokens][width]}
   * @param tokens how many, 1 to {@link #CHUNK}
   * @param y result, {@code [tokens][width]}; must not overlap {@code x}
   */
  void forward(Columns x, int tokens, Columns y);
}
