package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;

/**
 * The feed-forward of transformers: {@code y = down(activation(up x))}. Without state; immutable
 * and thread-safe.
 */
public final class UngatedFeedForward implements Layer {
  private final Linear up;
  private final Activation activation;
  private final Linear down;
  private final TokenBuffers<Activations> buffers;

  /**
   * A feed-forward.
   *
   * @param up the projection into the inner width
   * @param activation behind it
   * @param down the projection out of the inner width
   */
  public UngatedFeedForward(Linear up, Activation activation, Linear down) {
    int inner = down.columns();
    if (up.rows() != inner) {
      throw new IllegalArgumentException(up.rows() + " rows of up, " + inner + " columns of down");
    }
    this.up = up;
    this.activation = activation;
    this.down = down;
    buffers =
        new TokenBuffers<>(Activations.class, tokens -> new Activations(inner, tokens), inner);
  }

  /** Activations of some tokens. */
  private static final class Activations {
    /** {@code [tokens][innerWidth]}. */
    private final Columns hidden;

    private final Columns activated;
    private final TokenWork activate;

    /** Of the layer whose tokens these are. */
    private Activation activation = Activation.SWISH;

    Activations(int inner, int capacity) {
      hidden = Columns.allocate(capacity, inner);
      activated = Columns.allocate(capacity, inner);
      activate = (first, count) -> activation.apply(hidden, first, count, inner, activated);
    }
  }

  @Override
  public void forward(Pass pass, TokenWork before, Columns x, Columns y) {
    Workspace workspace = pass.workspace();
    int tokens = pass.tokens();
    Activations b = buffers.of(workspace, tokens);
    b.activation = activation;
    up.apply(workspace, before, x, tokens, b.hidden);
    down.apply(workspace, b.activate, b.activated, tokens, y);
  }

  @Override
  public Weights weights() {
    return Weights.of(up, down);
  }
}
