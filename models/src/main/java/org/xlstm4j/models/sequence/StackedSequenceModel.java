package org.xlstm4j.models.sequence;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.blocks.Weights;

/**
 * A model of residual layers: {@code x += layer(norm(x))} for each, then {@code y = outNorm(x)}.
 * Immutable and thread-safe.
 */
public final class StackedSequenceModel extends SequenceModel {
  private final StateLayout layout;
  private final Parts parts;

  /**
   * What the model is made of.
   *
   * @param width values of a vector
   * @param stack the layers
   * @param outNorm the norm behind them, or null
   */
  public record Parts(int width, ResidualStack stack, @Nullable TokenNorm outNorm) {}

  /**
   * A model.
   *
   * @param family as people call it
   * @param configuration what the model was read with
   * @param checkpoint its weights, closed with the model
   * @param layout of the layers' state
   * @param parts what it is made of
   */
  public StackedSequenceModel(
      String family, Config configuration, Checkpoint checkpoint, StateLayout layout, Parts parts) {
    super(family, configuration, checkpoint);
    this.layout = layout;
    this.parts = parts;
  }

  @Override
  public int width() {
    return parts.width();
  }

  @Override
  public StateLayout stateLayout() {
    return layout;
  }

  @Override
  protected Weights weights() {
    return parts.stack().weights();
  }

  @Override
  protected SequenceNetwork network(Workspace workspace, State state) {
    Pass pass = Pass.ofStream(workspace, state);
    return (x, tokens, y) -> {
      for (int token = 0; token < tokens; token++) {
        System.arraycopy(x.data(), x.at(token), y.data(), y.at(token), parts.width());
      }
      parts.stack().forward(pass.take(tokens), y);
      TokenNorm norm = parts.outNorm();
      if (norm != null) {
        norm.apply(y, 0, tokens, y);
      }
    };
  }
}
