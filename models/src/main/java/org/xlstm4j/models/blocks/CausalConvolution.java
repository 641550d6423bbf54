package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.DepthwiseCausalConvolution;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.loader.TensorReader;

/**
 * A convolution over a token and some before it, remembered from pass to pass. Immutable and
 * thread-safe.
 *
 * @param convolution which
 */
public record CausalConvolution(DepthwiseCausalConvolution convolution)
    implements TokenConvolution {
  /**
   * Reads the convolution of a layer of the xLSTM paper.
   *
   * @param tensors reads {@code conv1d.conv}, below the layer's prefix
   * @param width number of channels
   * @param taps how many tokens a result sees
   * @param layout receives the last inputs
   * @param stateName their name
   * @return the convolution
   */
  public static CausalConvolution read(
      TensorReader tensors, int width, int taps, StateLayout layout, String stateName) {
    return new CausalConvolution(
        new DepthwiseCausalConvolution(
            width,
            taps,
            tensors.tensor("conv1d.conv.weight", width, 1, taps),
            tensors.vector("conv1d.conv.bias", width),
            layout,
            stateName));
  }

  @Override
  public void begin(Pass pass, Columns x) {
    Sequences sequences = pass.sequences();
    if (sequences == null) {
      convolution.begin(pass.workspace(), pass.state(), x, pass.tokens());
    } else {
      convolution.begin(pass.workspace(), sequences, x);
    }
  }

  @Override
  public void apply(Pass pass, Columns x, int first, int count, Columns y) {
    convolution.apply(pass.workspace(), first, count, y);
  }

  @Override
  public int unit(Pass pass) {
    return 1;
  }

  @Override
  public Weights weights() {
    return Weights.of(convolution);
  }
}
