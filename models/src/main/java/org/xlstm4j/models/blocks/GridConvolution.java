package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.layers.DepthwiseGridConvolution;
import org.xlstm4j.engine.tokens.Columns;

/**
 * A convolution over a token and its neighbors in the grid of a pass. Immutable and thread-safe.
 *
 * @param convolution which
 */
public record GridConvolution(DepthwiseGridConvolution convolution) implements TokenConvolution {
  @Override
  public void begin(Pass pass, Columns x) {}

  @Override
  public void apply(Pass pass, Columns x, int first, int count, Columns y) {
    int width = pass.gridWidth();
    int height = pass.tokens() / width;
    convolution.apply(x, height, width, first / width, (first + count) / width, y);
  }

  @Override
  public int unit(Pass pass) {
    return pass.gridWidth();
  }

  @Override
  public Weights weights() {
    return Weights.of(convolution);
  }
}
