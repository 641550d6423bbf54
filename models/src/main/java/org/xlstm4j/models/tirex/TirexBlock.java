package org.xlstm4j.models.tirex;

import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.Sequences;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.layers.RmsNorm;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.blocks.GatedFeedForward;
import org.xlstm4j.models.blocks.LinearReader;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.SlstmLayer;
import org.xlstm4j.models.blocks.Weights;

/**
 * A block: {@code x += slstm(RMS(x))}, then {@code x += proj_down(silu(proj_up_gate r) * proj_up
 * r)} with {@code r = RMS(x)}. Immutable and thread-safe.
 */
final class TirexBlock {
  /** The raw forget gate is cut here before its sigmoid. */
  private static final float FORGET_CEILING = 15;

  private static final float NORM_EPSILON = 1e-6f;

  private final int width;
  private final RmsNorm scalarNorm;
  private final SlstmLayer scalar;
  private final Residual feedForward;

  TirexBlock(
      TirexConfig config,
      SlstmCell.Arithmetic arithmetic,
      TensorReader tensors,
      StateLayout layout,
      String statePrefix)
      throws ModelFormatException {
    width = config.width();
    scalarNorm = norm(tensors, "norm_slstm", width);
    scalar =
        new SlstmLayer(
            new SlstmLayer.Sizes(width, config.heads(), 0, true, FORGET_CEILING, arithmetic),
            tensors.under("slstm_layer."),
            layout,
            statePrefix);
    RmsNorm feedForwardNorm = norm(tensors, "norm_ffn", width);
    int inner = config.feedForwardWidth();
    GatedFeedForward layer =
        new GatedFeedForward(
            new LinearReader(tensors, width)
                .add("ffn.proj_up_gate", inner, false)
                .add("ffn.proj_up", inner, false)
                .stack(),
            Activation.SWISH,
            LinearReader.one(tensors, "ffn.proj_down", width, inner, false));
    feedForward = new Residual(width, feedForwardNorm::apply, layer, layer.weights());
  }

  static RmsNorm norm(TensorReader tensors, String name, int width) {
    return new RmsNorm(tensors.vector(name + ".weight", width), new float[0], NORM_EPSILON);
  }

  /** The normed stream and what a layer adds to it, {@code [tokens][width]} each. */
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
   * Runs sequences through the block.
   *
   * @param x the residual stream, updated
   */
  void forward(Workspace workspace, Sequences sequences, Columns x) {
    int tokens = sequences.tokens();
    Buffers b = workspace.scratch(Buffers.class, unused -> new Buffers());
    b.reserve(tokens, width);
    scalarNorm.apply(x, tokens, b.normed);
    scalar.forward(workspace, sequences, b.normed, b.added);
    Elementwise.add(b.added, tokens, width, x);
    // without state, so any will do
    feedForward.forward(workspace, sequences.states().getFirst(), x, tokens);
  }

  Weights weights() {
    return scalar.weights().plus(feedForward.weights());
  }
}
