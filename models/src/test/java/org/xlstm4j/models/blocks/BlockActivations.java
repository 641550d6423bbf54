package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/** What the residual layer that ran last left in its buffers, tokens in the layer's order. */
public final class BlockActivations {
  private final MlstmLayer.Activations layer;
  private final ResidualStream stream;

  /**
   * Looks into a workspace.
   *
   * @param workspace the session's
   * @param residual the layer that ran last, an {@link MlstmLayer}
   * @param width of the residual stream
   */
  public BlockActivations(Workspace workspace, Residual residual, int width) {
    layer = ((MlstmLayer) residual.layer()).activations(workspace);
    TokenBuffers<ResidualStream> streams =
        new TokenBuffers<>(
            ResidualStream.class,
            tokens -> {
              throw new IllegalStateException("no layer has run");
            },
            width);
    stream = streams.of(workspace, 1);
  }

  /** One buffer, by the name of the original's module whose output it is. */
  public Columns get(String name) {
    return switch (name) {
      case "norm" -> stream.normed();
      case "proj_up" -> layer.m;
      case "k" -> layer.k;
      case "v" -> layer.v;
      case "igate" -> layer.gates;
      case "fgate" -> layer.inputs.forgetGate();
      case "gated" -> layer.gated;
      case "layer_out" -> stream.added();
      default -> throw new IllegalArgumentException(name);
    };
  }
}
