package org.xlstm4j.models.action;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.PageLock;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.LoadOption;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.Tensor;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.blocks.MlstmLayer;
import org.xlstm4j.models.blocks.PaperBlocks;
import org.xlstm4j.models.blocks.Preparation;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.SlstmLayer;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.blocks.Weights;

/**
 * A Large Recurrent Action Model (arXiv:2410.22391): observations, returns and rewards become
 * tokens, an xLSTM carries them from step to step, and the output at the last known token chooses
 * the action.
 *
 * <p>Immutable and thread-safe: any number of robots share one model, each with a session of its
 * own.
 */
public final class ActionModel implements Model {
  private final ActionConfig config;
  private final Checkpoint checkpoint;
  private final StateLayout stateLayout = new StateLayout();
  private final TokenEmbeddings embeddings;
  private final @Nullable StateNormalization normalization;
  private final List<Residual> blocks = new ArrayList<>();
  private final TokenNorm outputNorm;
  private final ActionHead head;

  private ActionModel(ActionConfig config, Checkpoint checkpoint) throws ModelFormatException {
    this.config = config;
    this.checkpoint = checkpoint;
    TensorReader tensors = new TensorReader(checkpoint, ActionModel::withoutWrappers);
    embeddings = new TokenEmbeddings(config, tensors);
    normalization = StateNormalization.read(checkpoint.path(), tensors, config.stateWidth());
    TensorReader encoder = tensors.under("encoder.layers.");
    for (int block = 0; block < config.blocks(); block++) {
      addBlock(block, encoder.under("blocks." + block + "."));
    }
    outputNorm =
        PaperBlocks.norm(encoder, "post_blocks_norm", config.width(), config.blockBiases());
    head = new ActionHead(config, tensors);
    tensors.finish();
  }

  private void addBlock(int block, TensorReader tensors) throws ModelFormatException {
    int width = config.width();
    boolean normBias = config.blockBiases();
    String state = "block." + block + ".";
    if (config.slstm().get(block)) {
      PaperBlocks.FeedForward feedForward =
          new PaperBlocks.FeedForward(config.feedForwardWidth(), Activation.GELU, false);
      SlstmLayer.Sizes sizes =
          SlstmLayer.Sizes.ofPaper(width, config.heads(), config.convolution(), true);
      blocks.add(PaperBlocks.slstm(sizes, normBias, tensors, stateLayout, state));
      blocks.add(PaperBlocks.feedForward(width, feedForward, normBias, tensors));
    } else {
      MlstmLayer.Sizes sizes =
          new MlstmLayer.Sizes(
              width,
              config.innerWidth(),
              config.heads(),
              config.projectionBlock(),
              false,
              normBias);
      blocks.add(PaperBlocks.mlstm(sizes, config.convolution(), tensors, stateLayout, state));
    }
  }

  /** Distributed and compiled training leave their wrappers' names before every tensor's. */
  private static String withoutWrappers(String name) {
    String inner = name.startsWith("module.") ? name.substring("module.".length()) : name;
    return inner.startsWith("_orig_mod.") ? inner.substring("_orig_mod.".length()) : inner;
  }

  /**
   * Opens a model's folder.
   *
   * @param folder holds {@code config.json} and the weights
   * @param options how the files are opened; mapped unless told otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if the folder holds no action model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  public static ActionModel open(Path folder, LoadOption... options) throws IOException {
    Preparation.begin();
    Config given = Config.ofFolder(folder);
    ActionConfig config = ActionConfig.of(given);
    return of(config, Checkpoint.open(folder, given, options));
  }

  /**
   * Opens weights that lie apart from their configuration.
   *
   * @param config the options
   * @param weights a folder, a safetensors file, or the archive of a training run
   * @param options how the files are opened; mapped unless told otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if the weights do not fit the configuration or are damaged
   * @throws IOException if a file cannot be read
   */
  public static ActionModel open(ActionConfig config, Path weights, LoadOption... options)
      throws IOException {
    Preparation.begin();
    return of(config, Checkpoint.open(weights, options));
  }

  /**
   * Puts a model together.
   *
   * @param config the options
   * @param checkpoint the weights, which are closed with the model, or at once if there is none
   * @return the model
   * @throws ModelFormatException if the weights do not fit the configuration
   */
  public static ActionModel of(ActionConfig config, Checkpoint checkpoint)
      throws ModelFormatException {
    Preparation.begin(checkpoint);
    try {
      return new ActionModel(config, checkpoint);
    } catch (ModelFormatException | RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  /** The sizes and options. */
  public ActionConfig config() {
    return config;
  }

  @Override
  public String family() {
    return "LRAM";
  }

  /** The cost of a step with a vector observation and an action of the model's full width. */
  @Override
  public StepCost stepCost() {
    TokenLayout layout = TokenLayout.of(config, config.actionWidth());
    long tokens = layout.tokens();
    Weights ofEach = Weights.NONE;
    for (Residual block : blocks) {
      ofEach = ofEach.plus(block.weights());
    }
    Weights ofStep = embeddings.weights();
    Weights ofHead = head.weights();
    // a head of one dimension serves each that is predicted
    int uses = config.sharedHead() || layout.actionTokens() == 0 ? 1 : config.actionWidth();
    return new StepCost(
        "observation",
        ofEach.bytes() + ofStep.bytes() + ofHead.bytes(),
        stateLayout.byteSize(),
        ofEach.count() * tokens + ofStep.count() + ofHead.count() * uses,
        ofEach.quantized() * tokens + ofStep.quantized() + ofHead.quantized() * uses);
  }

  @Override
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Where each session's state lies. */
  public StateLayout stateLayout() {
    return stateLayout;
  }

  /**
   * The task of this name in the model's configuration.
   *
   * @throws IllegalArgumentException if there is none; names those that are there
   */
  public ActionTask task(String name) {
    ActionTask task = config.tasks().get(name);
    if (task == null) {
      throw new IllegalArgumentException(
          "no task " + name + ", but " + String.join(", ", config.tasks().keySet()));
    }
    return task;
  }

  /**
   * A session of the original's recurrent loop.
   *
   * @param task the environment
   * @param team the threads it computes with
   * @return a session at the start of an episode
   */
  public ActionSession newSession(ActionTask task, Team team) {
    return newSession(task, ActionMode.ZERO, team);
  }

  /**
   * A session.
   *
   * @param task the environment
   * @param mode what is fed from step to step
   * @param team the threads it computes with
   * @return a session at the start of an episode
   * @throws IllegalArgumentException if the task does not fit the model
   */
  public ActionSession newSession(ActionTask task, ActionMode mode, Team team) {
    return new ActionSession(this, task, mode, config.window(), team, false);
  }

  /**
   * Evaluates a recorded episode as one sequence, with its true rewards and actions.
   *
   * @param episode the recording
   * @param task its environment
   * @param team the threads to compute with
   * @return logits and actions of each step
   */
  public ActionOutputs evaluate(ActionEpisode episode, ActionTask task, Team team) {
    return new WholeEpisode(this, episode, task, team).run();
  }

  /**
   * Plays a recorded episode step by step, observations and returns as recorded.
   *
   * @param episode the recording
   * @param task its environment
   * @param mode what is fed from step to step
   * @param window steps that {@link ActionMode#WINDOWED} looks back on
   * @param team the threads to compute with
   * @return logits and actions of each step
   */
  public ActionOutputs replay(
      ActionEpisode episode, ActionTask task, ActionMode mode, int window, Team team) {
    ActionSession session = new ActionSession(this, task, mode, window, team, true);
    ActionOutputs outputs = ActionOutputs.allocate(episode.steps(), session.chooser());
    for (int step = 0; step < episode.steps(); step++) {
      session.act(episode, step);
      outputs.set(step, session.chooser());
    }
    return outputs;
  }

  /** Reads all weights into memory, so that the first steps take no page faults. */
  public void prefault() {
    checkpoint.prefault();
  }

  /**
   * Asks the system to keep the weights in memory for good.
   *
   * @return whether it does; it may refuse for want of permission ({@code ulimit -l}), and on
   *     systems other than Linux and macOS it always does
   */
  public boolean lockPages() {
    boolean locked = true;
    for (Tensor tensor : checkpoint) {
      locked &= PageLock.lock(tensor.data());
    }
    return locked;
  }

  @Override
  public void close() {
    checkpoint.close();
  }

  TokenEmbeddings embeddings() {
    return embeddings;
  }

  /** What vector observations pass first, or null. */
  @Nullable StateNormalization normalization() {
    return normalization;
  }

  /** Runs tokens through all blocks, in place. */
  void forward(Workspace workspace, State state, Columns tokens, int count) {
    for (int i = 0; i < blocks.size(); i++) {
      blocks.get(i).forward(workspace, state, tokens, count);
    }
  }

  TokenNorm outputNorm() {
    return outputNorm;
  }

  ActionHead head() {
    return head;
  }

  /** Whether the model has no number for a step. */
  boolean endsBefore(long step) {
    return config.timeEmbeddings() && step >= config.maxEpisode();
  }

  /** Checks that the model can count to a step. */
  void requireStep(long step) {
    if (endsBefore(step)) {
      throw new IllegalStateException(
          "step " + step + " of an episode, but the model counts to " + config.maxEpisode());
    }
  }
}
