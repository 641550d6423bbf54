package org.xlstm4j.models.blocks;

import java.util.List;
import org.xlstm4j.engine.tokens.Columns;

/**
 * Residual layers, one after the other: {@code x += layer(norm(x))} for each. Immutable and
 * thread-safe.
 */
public final class ResidualStack {
  private final Residual[] residuals;
  private final TokenBuffers<ResidualStream> streams;

  /**
   * A stack.
   *
   * @param width of the stream
   * @param residuals the layers, in the order in which tokens pass them
   */
  public ResidualStack(int width, List<Residual> residuals) {
    this.residuals = residuals.toArray(Residual[]::new);
    streams =
        new TokenBuffers<>(
            ResidualStream.class, capacity -> new ResidualStream(width, capacity), width);
  }

  /**
   * Runs the tokens of a pass through all layers.
   *
   * @param pass the tokens
   * @param x the stream, updated
   */
  public void forward(Pass pass, Columns x) {
    forward(pass, pass, x);
  }

  /**
   * The same with another pass of the same tokens for the last layer.
   *
   * @param pass the tokens
   * @param last the tokens in the last layer; {@link Pass#ofEnds} where no others are needed
   *     afterwards
   * @param x the stream, updated as far as the last layer is asked to
   */
  public void forward(Pass pass, Pass last, Columns x) {
    if (residuals.length == 0) {
      return;
    }
    ResidualStream stream = streams.of(pass.workspace(), pass.tokens());
    stream.start(x, pass.tokens());
    for (int i = 0; i < residuals.length; i++) {
      residuals[i].forward(i == residuals.length - 1 ? last : pass, stream);
    }
    stream.finish(last);
  }

  /**
   * The layers.
   *
   * @return in the order in which tokens pass them
   */
  public List<Residual> residuals() {
    return List.of(residuals);
  }

  /**
   * The weights that a token is multiplied with.
   *
   * @return those of all layers
   */
  public Weights weights() {
    Weights all = Weights.NONE;
    for (Residual residual : residuals) {
      all = all.plus(residual.layer().weights());
    }
    return all;
  }
}
