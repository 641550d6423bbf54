package org.xlstm4j.models.tirex;

import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.blocks.LinearReader;
import org.xlstm4j.models.blocks.TokenBuffers;
import org.xlstm4j.models.blocks.Weights;

/**
 * The small networks at both ends, which turn a patch into the residual stream's vector and that
 * into a patch's quantiles: {@code y = output_layer(relu(hidden_layer x)) + residual_layer x}.
 * Immutable and thread-safe.
 */
final class PatchNetwork {
  private final int rows;
  private final Linear hiddenAndResidual;
  private final Linear output;
  private final TokenBuffers<Activations> buffers;

  PatchNetwork(TensorReader tensors, int columns, int inner, int rows) {
    this.rows = rows;
    hiddenAndResidual =
        new LinearReader(tensors, columns)
            .add("hidden_layer", inner, true)
            .add("residual_layer", rows, true)
            .stack();
    output = LinearReader.one(tensors, "output_layer", rows, inner, true);
    buffers =
        new TokenBuffers<>(
            Activations.class, tokens -> new Activations(inner, rows, tokens), inner, rows);
  }

  /** Activations of some patches. */
  private static final class Activations {
    /** {@code [tokens][hidden residual]}. */
    private final Columns hidden;

    private final Columns residual;

    /** {@code [tokens][inner]}. */
    private final Columns rectified;

    private final TokenWork rectify;

    Activations(int inner, int rows, int capacity) {
      hidden = Columns.allocate(capacity, inner + rows);
      residual = hidden.from(inner);
      rectified = Columns.allocate(capacity, inner);
      rectify = (first, count) -> Elementwise.relu(hidden, first, count, inner, rectified);
    }
  }

  void apply(Workspace workspace, Columns x, int tokens, Columns y) {
    Activations b = buffers.of(workspace, tokens);
    hiddenAndResidual.apply(workspace, x, tokens, b.hidden);
    output.apply(workspace, b.rectify, b.rectified, tokens, y);
    Elementwise.add(b.residual, 0, tokens, rows, y);
  }

  Weights weights() {
    return Weights.of(hiddenAndResidual, output);
  }
}
