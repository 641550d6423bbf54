package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.layers.Elementwise;

/**
 * A layer in the residual stream: {@code x += layer(norm(x))}. Immutable and thread-safe.
 *
 * @param width of the residual stream
 * @param norm what the layer's input passes first
 * @param layer the layer, {@code width} values a token in and out
 * @param weights that a token is multiplied with in the layer
 */
public record Residual(int width, TokenNorm norm, TokenLayer layer, Weights weights) {
  /** The normed stream and what the layer adds to it, {@code [tokens][width]} each. */
  private static final class Buffers {
    private Columns normed = Columns.allocate(0, 0);
    private Columns added = normed;

    void reserve(int tokens, int width) {
      if (normed.stride() != width || normed.data().length < tokens * width) {
        normed = Columns.allocate(tokens, width);
        added = Columns.allocate(tokens, width);
      }
    }
  }

  /**
   * Runs some tokens through norm and layer.
   *
   * @param workspace the session's
   * @param state the session's, updated
   * @param x the residual stream, updated
   * @param tokens how many, at least 1
   */
  public void forward(Workspace workspace, State state, Columns x, int tokens) {
    Buffers buffers = workspace.scratch(Buffers.class, unused -> new Buffers());
    buffers.reserve(tokens, width);
    norm.apply(x, tokens, buffers.normed);
    layer.forward(workspace, state, buffers.normed, tokens, buffers.added);
    Elementwise.add(buffers.added, tokens, width, x);
  }
}
