package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.Workspace;

/** A layer that takes some tokens in order and may remember them in a session's state. */
public interface TokenLayer {
  /**
   * Runs some tokens through the layer.
   *
   * @param workspace the session's
   * @param state the session's, updated
   * @param x input
   * @param tokens how many, at least 1
   * @param y result; must not overlap {@code x}
   */
  void forward(Workspace workspace, State state, Columns x, int tokens, Columns y);
}
