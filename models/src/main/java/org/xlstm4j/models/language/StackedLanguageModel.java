package org.xlstm4j.models.language;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.blocks.Weights;

/**
 * A language model of the usual make:
 *
 * <pre>
 * x      = embedding of the token
 * x     += layer(norm(x))                      for each layer
 * logits = cap(head(outNorm(x)))
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class StackedLanguageModel extends LanguageModel {
  private final StateLayout layout;
  private final Parts parts;

  /**
   * What the model is made of.
   *
   * @param embedding {@code [vocabularySize][width]}
   * @param stack the layers
   * @param outNorm the norm before the output head, or null
   * @param head {@code [vocabularySize][width]}
   * @param logitCap soft cap of the logits; infinite for none
   */
  public record Parts(
      Matrix embedding,
      ResidualStack stack,
      @Nullable TokenNorm outNorm,
      Linear head,
      float logitCap) {}

  /**
   * A model.
   *
   * @param family as people call it
   * @param configuration what the model was read with
   * @param checkpoint its weights, closed with the model
   * @param layout of the layers' state
   * @param parts what it is made of
   */
  public StackedLanguageModel(
      String family, Config configuration, Checkpoint checkpoint, StateLayout layout, Parts parts) {
    super(family, configuration, checkpoint);
    this.layout = layout;
    this.parts = parts;
  }

  @Override
  public int vocabularySize() {
    return parts.head().rows();
  }

  @Override
  public StateLayout stateLayout() {
    return layout;
  }

  @Override
  protected Weights blockWeights() {
    return parts.stack().weights();
  }

  @Override
  protected Weights headWeights() {
    return Weights.of(parts.head());
  }

  @Override
  protected LanguageNetwork network(Workspace workspace) {
    return new StackedNetwork(parts, workspace);
  }
}
