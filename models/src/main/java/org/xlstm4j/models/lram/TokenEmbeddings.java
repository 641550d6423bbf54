package org.xlstm4j.models.lram;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.action.ImageShape;
import org.xlstm4j.models.blocks.Weights;

/**
 * What turns observations, returns, rewards and actions into tokens: an embedding for each kind,
 * plus the embedding of the step's number if the model has those, then a layer norm. Immutable and
 * thread-safe.
 */
@SuppressWarnings({"ArrayRecordComponent", "EnumOrdinal"}) // tables by kind of token, internal
final class TokenEmbeddings {
  private final boolean symlog;
  private final Linear state;
  private final @Nullable ImpalaEncoder image;
  private final Scalar returnToGo;
  private final Scalar reward;
  private final @Nullable Matrix action;
  private final @Nullable Matrix time;
  private final LayerNorm[] norms;

  /** Kinds of tokens, with the names of their norms where each has its own. */
  enum Kind {
    /** An observation. */
    STATE("s"),
    /** The return still to be had. */
    RETURN("rtg"),
    /** One dimension of an action. */
    ACTION("a"),
    /** What an action brought. */
    REWARD("r");

    private final String norm;

    Kind(String norm) {
      this.norm = norm;
    }
  }

  /** A number's embedding: {@code weight * x + bias}. */
  private record Scalar(float[] weight, float[] bias) {
    static Scalar read(TensorReader tensors, String name, int width) throws ModelFormatException {
      return new Scalar(
          tensors.tensor(name + ".weight", width, 1), tensors.vector(name + ".bias", width));
    }

    void apply(float x, Columns token) {
      for (int i = 0; i < weight.length; i++) {
        token.data()[token.offset() + i] = weight[i] * x + bias[i];
      }
    }
  }

  TokenEmbeddings(LramConfig config, TensorReader tensors) throws ModelFormatException {
    int width = config.width();
    Scalar none = new Scalar(new float[0], new float[0]);
    ImageShape shape = config.image();
    symlog = config.symlog();
    state =
        new Linear(
            List.of(tensors.matrix("embed_state.weight", width, config.stateWidth())),
            tensors.vector("embed_state.bias", width));
    image = shape == null ? null : new ImpalaEncoder(tensors.under("embed_image."), shape, width);
    returnToGo = config.returnTokens() ? Scalar.read(tensors, "embed_return", width) : none;
    reward = config.rewardTokens() ? Scalar.read(tensors, "embed_rewards", width) : none;
    action =
        TokenLayout.of(config, 1).actionTokens() > 0
            ? tensors.matrix("embed_action_disc.weight", config.actionChoices() + 1, width)
            : null;
    time =
        config.timeEmbeddings()
            ? tensors.matrix("embed_timestep.weight", config.maxEpisode(), width)
            : null;
    norms = new LayerNorm[Kind.values().length];
    for (Kind kind : Kind.values()) {
      String name = config.separateNorms() ? "embed_ln." + kind.norm : "embed_ln";
      norms[kind.ordinal()] =
          new LayerNorm(
              tensors.vector(name + ".weight", width),
              tensors.vector(name + ".bias", width),
              1,
              config.embeddingEpsilon());
    }
  }

  /** The weights that a vector observation is multiplied with. */
  Weights weights() {
    return Weights.of(state);
  }

  @Nullable ImpalaEncoder image() {
    return image;
  }

  /** An observation padded with zeros to the model's width. */
  void state(Workspace workspace, Columns padded, Columns token) {
    state.apply(workspace, padded, 1, token);
  }

  /** A return-to-go, scaled. */
  void returnToGo(float value, Columns token) {
    returnToGo.apply(compressed(value), token);
  }

  /** A reward, scaled. */
  void reward(float value, Columns token) {
    reward.apply(compressed(value), token);
  }

  /** One dimension of an action. */
  void action(int choice, Columns token) {
    if (action != null) {
      action.copyRow(choice, token.data(), token.offset());
    }
  }

  /**
   * Adds the step's number, if the model wants it, and normalizes.
   *
   * @param kind of the token
   * @param step number of the control step, from 0
   * @param scratch as long as a token
   * @param token the embedding, replaced
   */
  void complete(Kind kind, long step, float[] scratch, Columns token) {
    if (time != null) {
      time.copyRow(Math.toIntExact(step), scratch, 0);
      for (int i = 0; i < scratch.length; i++) {
        token.data()[token.offset() + i] += scratch[i];
      }
    }
    norms[kind.ordinal()].apply(token, 0, 1, token);
  }

  private float compressed(float value) {
    return symlog ? Math.signum(value) * (float) Math.log1p(Math.abs(value)) : value;
  }
}
