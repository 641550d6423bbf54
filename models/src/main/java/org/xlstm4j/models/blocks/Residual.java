package org.xlstm4j.models.blocks;

/**
 * A layer in the residual stream: {@code x += layer(norm(x))}. Immutable and thread-safe.
 *
 * @param norm what the layer's input passes first
 * @param layer the layer, as many values a token in and out as the stream is wide
 * @param backward whether the layer walks the tokens from the last to the first
 */
public record Residual(TokenNorm norm, Layer layer, boolean backward) {
  /**
   * A layer that walks the tokens in their order.
   *
   * @param norm what the layer's input passes first
   * @param layer the layer
   */
  public Residual(TokenNorm norm, Layer layer) {
    this(norm, layer, false);
  }

  /** Runs the layer; what it gives waits in the stream for the next one to add. */
  void forward(Pass pass, ResidualStream stream) {
    layer.forward(pass, stream.enter(this), stream.normed(), stream.added());
  }
}
