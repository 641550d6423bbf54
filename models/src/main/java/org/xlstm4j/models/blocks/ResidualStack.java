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
    forward(pass, x, false);
  }

  /**
   * The same where only the first and the last token are needed afterwards: the last layer need not
   * compute the others.
   *
   * @param pass the tokens
   * @param x the stream, of which the first and the last token are updated
   */
  public void forwardEnds(Pass pass, Columns x) {
    forward(pass, x, true);
  }

  private void forward(Pass pass, Columns x, boolean endsOnly) {
    if (residuals.length == 0) {
      return;
    }
    ResidualStream stream = streams.of(pass.workspace(), pass.tokens());
    stream.start(x, pass.tokens());
    for (int i = 0; i < residuals.length; i++) {
      pass.endsOnly(endsOnly && i == residuals.length - 1);
      residuals[i].forward(pass, stream);
    }
    stream.finish(pass);
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
