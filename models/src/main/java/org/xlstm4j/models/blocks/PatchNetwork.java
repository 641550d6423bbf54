package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.loader.TensorReader;

/**
 * The small networks at both ends of a forecaster, which turn a patch into the residual stream's
 * vector and that into a patch's quantiles: {@code y = output_layer(activation(hidden_layer x)) +
 * residual_layer x}. Immutable and thread-safe.
 */
public final class PatchNetwork {
  private final int rows;
  private final Activation activation;
  private final Linear hiddenAndResidual;
  private final Linear output;
  private final TokenBuffers<Activations> buffers;

  /**
   * Reads a network.
   *
   * @param tensors reads {@code hidden_layer} and so on, below the network's prefix
   * @param columns inputs
   * @param inner width of the hidden layer
   * @param rows outputs
   * @param activation of the hidden layer
   */
  public PatchNetwork(
      TensorReader tensors, int columns, int inner, int rows, Activation activation) {
    this.rows = rows;
    this.activation = activation;
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
    private final Columns activated;

    private final TokenWork activate;

    /** Of the network whose tokens these are. */
    private Activation activation = Activation.RELU;

    Activations(int inner, int rows, int capacity) {
      hidden = Columns.allocate(capacity, inner + rows);
      residual = hidden.from(inner);
      activated = Columns.allocate(capacity, inner);
      activate = (first, count) -> activation.apply(hidden, first, count, inner, activated);
    }
  }

  /**
   * Computes the network.
   *
   * @param workspace the session's
   * @param x input
   * @param tokens how many, at least 1
   * @param y result; must not overlap {@code x}
   */
  public void apply(Workspace workspace, Columns x, int tokens, Columns y) {
    Activations b = buffers.of(workspace, tokens);
    b.activation = activation;
    hiddenAndResidual.apply(workspace, x, tokens, b.hidden);
    output.apply(workspace, b.activate, b.activated, tokens, y);
    Elementwise.add(b.residual, 0, tokens, rows, y);
  }

  /**
   * The weights that a token is multiplied with.
   *
   * @return those of all layers
   */
  public Weights weights() {
    return Weights.of(hiddenAndResidual, output);
  }
}
