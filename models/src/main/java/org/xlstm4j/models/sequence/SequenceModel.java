package org.xlstm4j.models.sequence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
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
 * A model that transforms sequences of vectors, one vector out for each one in. Immutable and
 * thread-safe; each sequence has a {@link SequenceSession} of its own.
 *
 * <p>A family extends it, or builds a {@link StackedSequenceModel}.
 */
public abstract class SequenceModel extends CheckpointModel {
  /**
   * A model.
   *
   * @param family as people call it
   * @param configuration what the model was read with
   * @param checkpoint its weights, closed with the model
   */
  protected SequenceModel(String family, Config configuration, Checkpoint checkpoint) {
    super(family, configuration, checkpoint);
  }

  /**
   * Opens a model.
   *
   * @param folder holds the configuration and the weights
   * @param options how the files are opened; mapped unless they say otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if the folder holds no such model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  public static SequenceModel open(Path folder, LoadOption... options) throws IOException {
    return Models.open(folder, SequenceModel.class, options);
  }

  /**
   * Values of a vector.
   *
   * @return at least 1
   */
  public abstract int width();

  /**
   * Where a session's state lies.
   *
   * @return the layout of every session's state
   */
  public abstract StateLayout stateLayout();

  /**
   * The weights that each vector is multiplied with.
   *
   * @return their number and size
   */
  protected abstract Weights weights();

  /**
   * What computes one session's vectors.
   *
   * @param workspace the session's
   * @param state the session's
   * @return a network of its own for each session
   */
  protected abstract SequenceNetwork network(Workspace workspace, State state);

  /**
   * A new sequence.
   *
   * @param team the threads it computes with
   * @return a session at the start
   */
  public SequenceSession newSession(Team team) {
    State state = new State(stateLayout());
    return new SequenceSession(this, state, network(new Workspace(team), state));
  }

  @Override
  public StepCost stepCost() {
    Weights all = weights();
    return new StepCost(
        "token", all.bytes(), stateLayout().byteSize(), all.count(), all.quantized());
  }

  /**
   * What the machine has to do for vectors that come together: read each weight once, and multiply
   * each vector by it.
   *
   * @param tokens how many, at least 1
   * @return the cost of the whole
   */
  public StepCost sequenceCost(int tokens) {
    Weights all = weights();
    return new StepCost(
        "sequence",
        all.bytes(),
        stateLayout().byteSize(),
        tokens * all.count(),
        tokens * all.quantized());
  }

  @Override
  public List<NamedTensor> run(Checkpoint inputs, RunOptions options) throws IOException {
    return new SequenceRun(this, options).run(inputs);
  }

  @Override
  public List<Workload> workloads(WorkloadSizes sizes) {
    return new StreamWorkloads<>(
            team -> new TimedSequence(newSession(team)), this::sequenceCost, stepCost())
        .of(sizes);
  }
}
