package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;

/**
 * The gated feed-forward: {@code y = down(activation(gate x) * up x)}, gate and up being one
 * projection with their results side by side. Without state; immutable and thread-safe.
 */
public final class GatedFeedForward implements Layer {
  private final Linear gateAndUp;
  private final Activation activation;
  private final Linear down;
  private final TokenBuffers<Activations> buffers;

  /**
   * A feed-forward.
   *
   * @param gateAndUp both projections into the inner width, gate first
   * @param activation of the gate
   * @param down the projection out of the inner width
   */
  public GatedFeedForward(Linear gateAndUp, Activation activation, Linear down) {
    int inner = down.columns();
    if (gateAndUp.rows() != 2 * inner) {
      throw new IllegalArgumentException(
          gateAndUp.rows() + " rows of gate and up, " + inner + " columns of down");
    }
    this.gateAndUp = gateAndUp;
    this.activation = activation;
    this.down = down;
    buffers =
        new TokenBuffers<>(Activations.class, tokens -> new Activations(inner, tokens), inner);
  }

  /** Activations of some tokens. */
  private static final class Activations {
    /** {@code [tokens][gate up]}. */
    private final Columns gate;

    private final Columns up;

    /** {@code [tokens][innerWidth]}. */
    private final Columns gated;

    private final TokenWork open = this::open;

    /** Of the layer whose tokens these are. */
    private Activation activation = Activation.SWISH;

    private final int inner;

    Activations(int inner, int capacity) {
      this.inner = inner;
      gate = Columns.allocate(capacity, 2 * inner);
      up = gate.from(inner);
      gated = Columns.allocate(capacity, inner);
    }

    private void open(int first, int count) {
      activation.gate(gate, up, first, count, inner, gated);
    }
  }

  @Override
  public void forward(Pass pass, TokenWork before, Columns x, Columns y) {
    Workspace workspace = pass.workspace();
    int tokens = pass.tokens();
    Activations b = buffers.of(workspace, tokens);
    b.activation = activation;
    gateAndUp.apply(workspace, before, x, tokens, b.gate);
    down.apply(workspace, b.open, b.gated, tokens, y);
  }

  @Override
  public Weights weights() {
    return Weights.of(gateAndUp, down);
  }
}
