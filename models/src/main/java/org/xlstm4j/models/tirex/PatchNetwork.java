package org.xlstm4j.models.tirex;

import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.blocks.LinearReader;
import org.xlstm4j.models.blocks.Weights;

/**
 * The small networks at both ends, which turn a patch into the residual stream's vector and that
 * into a patch's quantiles: {@code y = output_layer(relu(hidden_layer x)) + residual_layer x}.
 * Immutable and thread-safe.
 */
final class PatchNetwork {
  private final int inner;
  private final int rows;
  private final Linear hiddenAndResidual;
  private final Linear output;

  PatchNetwork(TensorReader tensors, int columns, int inner, int rows) {
    this.inner = inner;
    this.rows = rows;
    hiddenAndResidual =
        new LinearReader(tensors, columns)
            .add("hidden_layer", inner, true)
            .add("residual_layer", rows, true)
            .stack();
    output = LinearReader.one(tensors, "output_layer", rows, inner, true);
  }

  /** {@code [tokens][hidden residual]} and {@code [tokens][inner]}. */
  private static final class Buffers {
    private Columns joint = Columns.allocate(0, 0);
    private Columns residual = joint;
    private Columns rectified = joint;

    void reserve(int inner, int rows, int tokens) {
      if (joint.stride() != inner + rows
          || rectified.stride() != inner
          || rectified.data().length < tokens * inner) {
        joint = Columns.allocate(tokens, inner + rows);
        residual = joint.from(inner);
        rectified = Columns.allocate(tokens, inner);
      }
    }
  }

  void apply(Workspace workspace, Columns x, int tokens, Columns y) {
    Buffers b = workspace.scratch(Buffers.class, unused -> new Buffers());
    b.reserve(inner, rows, tokens);
    hiddenAndResidual.apply(workspace, x, tokens, b.joint);
    Elementwise.relu(b.joint, tokens, inner, b.rectified);
    output.apply(workspace, b.rectified, tokens, y);
    Elementwise.add(b.residual, tokens, rows, y);
  }

  Weights weights() {
    return Weights.of(hiddenAndResidual, output);
  }
}
