package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.layers.Activation;

/**
 * The gated feed-forward: {@code y = down(activation(gate x) * up x)}, gate and up being one
 * projection with their results side by side. Without state; immutable and thread-safe.
 */
public final class GatedFeedForward implements TokenLayer {
  private final Linear gateAndUp;
  private final Activation activation;
  private final Linear down;

  /**
   * A feed-forward.
   *
   * @param gateAndUp both projections into the inner width, gate first
   * @param activation of the gate
   * @param down the projection out of the inner width
   */
  public GatedFeedForward(Linear gateAndUp, Activation activation, Linear down) {
    if (gateAndUp.rows() != 2 * down.columns()) {
      throw new IllegalArgumentException(
          gateAndUp.rows() + " rows of gate and up, " + down.columns() + " columns of down");
    }
    this.gateAndUp = gateAndUp;
    this.activation = activation;
    this.down = down;
  }

  /** {@code [tokens][gate up]} and {@code [tokens][innerWidth]}. */
  private static final class Buffers {
    private Columns gateAndUp = Columns.allocate(0, 0);
    private Columns up = gateAndUp;
    private Columns gated = gateAndUp;

    void reserve(int inner, int tokens) {
      if (gated.stride() != inner || gated.data().length < tokens * inner) {
        gateAndUp = Columns.allocate(tokens, 2 * inner);
        up = gateAndUp.from(inner);
        gated = Columns.allocate(tokens, inner);
      }
    }
  }

  @Override
  public void forward(Workspace workspace, State state, Columns x, int tokens, Columns y) {
    Buffers b = workspace.scratch(Buffers.class, unused -> new Buffers());
    int inner = down.columns();
    b.reserve(inner, tokens);
    gateAndUp.apply(workspace, x, tokens, b.gateAndUp);
    activation.gate(b.gateAndUp, b.up, tokens, inner, b.gated);
    down.apply(workspace, b.gated, tokens, y);
  }

  /** The weights that a token is multiplied with. */
  public Weights weights() {
    return Weights.of(gateAndUp, down);
  }
}
