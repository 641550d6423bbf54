package org.xlstm4j.models.language;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.LinearObserver;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.CheckpointModel;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.StreamWorkloads;
import org.xlstm4j.models.Workload;
import org.xlstm4j.models.WorkloadSizes;
import org.xlstm4j.models.blocks.Weights;

/**
 * A language model: immutable weights over a checkpoint. Thread-safe; each stream of tokens has a
 * {@link LanguageSession} of its own.
 *
 * <p>A family extends it, or builds a {@link StackedLanguageModel}.
 */
public abstract class LanguageModel extends CheckpointModel {
  /**
   * A model.
   *
   * @param family as people call it
   * @param configuration what the model was read with
   * @param checkpoint its weights, closed with the model
   */
  protected LanguageModel(String family, Config configuration, Checkpoint checkpoint) {
    super(family, configuration, checkpoint);
  }

  /**
   * Opens a model folder as its authors publish it; its configuration says which family it is of.
   *
   * @param folder holds {@code config.json} or {@code config.yaml} and the weights; or the file
   *     with the weights, next to such a configuration
   * @param options how the files are opened; mapped unless they say otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if the folder holds no language model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  public static LanguageModel open(Path folder, LoadOption... options) throws IOException {
    return Models.open(folder, LanguageModel.class, options);
  }

  /**
   * Number of logits a token gets: rows of the output head, padding rows included.
   *
   * @return at least 1
   */
  public abstract int vocabularySize();

  /**
   * Where a session's state lies.
   *
   * @return the layout of every session's state
   */
  public abstract StateLayout stateLayout();

  /**
   * The weights of the blocks, which every token is multiplied with.
   *
   * @return their number and size
   */
  protected abstract Weights blockWeights();

  /**
   * The weights of the output head, which are multiplied with each token whose logits are wanted.
   *
   * @return their number and size
   */
  protected abstract Weights headWeights();

  @Override
  public StepCost stepCost() {
    Weights all = blockWeights().plus(headWeights());
    return new StepCost(
        "token", all.bytes(), stateLayout().byteSize(), all.count(), all.quantized());
  }

  /**
   * What the machine has to do for a prompt if only the logits after its last token are wanted:
   * read each weight once, and multiply each token by it, quantized weights as integers.
   *
   * @param tokens how many, at least 1
   * @return the cost of the whole
   */
  public StepCost promptCost(int tokens) {
    Weights blocks = blockWeights();
    Weights head = headWeights();
    return new StepCost(
        "prompt",
        blocks.bytes() + head.bytes(),
        stateLayout().byteSize(),
        tokens * blocks.count() + head.count(),
        tokens * blocks.quantized() + head.quantized());
  }

  /**
   * What computes the tokens of a session, or of several together.
   *
   * @param workspace the session's or the batch's
   * @return a network of its own for each workspace
   */
  protected abstract LanguageNetwork network(Workspace workspace);

  /**
   * A new stream of tokens.
   *
   * @param team the threads it computes with
   * @return a session at the start: an empty text
   */
  public LanguageSession newSession(Team team) {
    return newSession(new Workspace(team));
  }

  /**
   * What feeds several sessions of this model together.
   *
   * @param team the threads it computes with
   * @param capacity most sessions of a step, at least 1
   * @return a batch
   */
  public LanguageBatch newBatch(Team team, int capacity) {
    Workspace workspace = new Workspace(team);
    return new LanguageBatch(this, workspace, network(workspace), capacity);
  }

  /** A session that shows the inputs of its projections. */
  LanguageSession newSession(Team team, LinearObserver observer) {
    Workspace workspace = new Workspace(team);
    Linear.observe(workspace, observer);
    return newSession(workspace);
  }

  private LanguageSession newSession(Workspace workspace) {
    return new LanguageSession(this, workspace, network(workspace));
  }

  /** Checks that a token is one of the vocabulary's. */
  void checkToken(int token) {
    if (token < 0 || token >= vocabularySize()) {
      throw new IllegalArgumentException(
          "token " + token + " is outside the vocabulary of " + vocabularySize());
    }
  }

  @Override
  public List<NamedTensor> run(Checkpoint inputs, RunOptions options) throws IOException {
    return new LanguageRun(this, options).run(inputs);
  }

  @Override
  public List<Workload> workloads(WorkloadSizes sizes) {
    List<Workload> workloads =
        new StreamWorkloads<>(team -> new TimedText(newSession(team)), this::promptCost, stepCost())
            .of(sizes);
    for (int depth : sizes.depths()) {
      for (int steps : sizes.steps()) {
        for (int size : sizes.batches()) {
          if (steps > 0) {
            workloads.add(TimedBatch.workload(this, size, steps, depth));
          }
        }
      }
    }
    for (int turns : sizes.turns()) {
      workloads.add(TimedConversation.workload(this, turns, false));
      workloads.add(TimedConversation.workload(this, turns, true));
    }
    return workloads;
  }
}
