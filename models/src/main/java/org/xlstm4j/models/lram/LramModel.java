package org.xlstm4j.models.lram;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.CheckpointModel;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.action.ActionEpisode;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionOutputs;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.ImageShape;
import org.xlstm4j.models.blocks.MlstmLayer;
import org.xlstm4j.models.blocks.PaperBlocks;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.ResidualStack;
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
final class LramModel extends CheckpointModel implements ActionModel {
  /** The family, as people call it. */
  static final String FAMILY = "LRAM";

  private final LramConfig config;
  private final StateLayout stateLayout = new StateLayout();
  private final TokenEmbeddings embeddings;
  private final @Nullable StateNormalization normalization;
  private final ResidualStack blocks;
  private final TokenNorm outputNorm;
  private final ActionHead head;

  private LramModel(Config configuration, Checkpoint checkpoint) throws ModelFormatException {
    super(FAMILY, configuration, checkpoint);
    config = LramConfig.of(configuration);
    TensorReader tensors = new TensorReader(checkpoint, LramModel::withoutWrappers);
    embeddings = new TokenEmbeddings(config, tensors);
    normalization = StateNormalization.read(checkpoint.path(), tensors, config.stateWidth());
    TensorReader encoder = tensors.under("encoder.layers.");
    List<Residual> residuals = new ArrayList<>();
    for (int block = 0; block < config.blocks(); block++) {
      addBlock(block, encoder.under("blocks." + block + "."), residuals);
    }
    blocks = new ResidualStack(config.width(), residuals);
    outputNorm =
        PaperBlocks.norm(encoder, "post_blocks_norm", config.width(), config.blockBiases());
    head = new ActionHead(config, tensors);
    tensors.finish();
  }

  private void addBlock(int block, TensorReader tensors, List<Residual> residuals)
      throws ModelFormatException {
    int width = config.width();
    boolean normBias = config.blockBiases();
    String state = "block." + block + ".";
    if (config.slstm().get(block)) {
      PaperBlocks.FeedForward feedForward =
          new PaperBlocks.FeedForward(config.feedForwardWidth(), Activation.GELU, false);
      SlstmLayer.Sizes sizes =
          SlstmLayer.Sizes.ofPaper(width, config.heads(), config.convolution(), true);
      residuals.add(PaperBlocks.slstm(sizes, normBias, tensors, stateLayout, state));
      residuals.add(PaperBlocks.feedForward(width, feedForward, normBias, tensors));
    } else {
      MlstmLayer.Sizes sizes =
          PaperBlocks.mlstmSizes(
              width,
              config.innerWidth(),
              config.heads(),
              config.projectionBlock(),
              false,
              normBias);
      residuals.add(PaperBlocks.mlstm(sizes, config.convolution(), tensors, stateLayout, state));
    }
  }

  /** Distributed and compiled training leave their wrappers' names before every tensor's. */
  private static String withoutWrappers(String name) {
    String inner = name.startsWith("module.") ? name.substring("module.".length()) : name;
    return inner.startsWith("_orig_mod.") ? inner.substring("_orig_mod.".length()) : inner;
  }

  /**
   * Puts a model together.
   *
   * @param config its sizes and options
   * @param checkpoint the weights, closed with the model
   * @throws ModelFormatException naming every tensor that is missing or has another shape
   */
  static LramModel of(Config config, Checkpoint checkpoint) throws ModelFormatException {
    return new LramModel(config, checkpoint);
  }

  /** The sizes and options. */
  LramConfig config() {
    return config;
  }

  @Override
  public Map<String, ActionTask> tasks() {
    return config.tasks();
  }

  @Override
  public int observationWidth() {
    return config.stateWidth();
  }

  @Override
  public int actionWidth() {
    return config.actionWidth();
  }

  @Override
  public @Nullable ImageShape image() {
    return config.image();
  }

  /** The cost of a step with a vector observation and an action of the model's full width. */
  @Override
  public StepCost stepCost() {
    TokenLayout layout = TokenLayout.of(config, config.actionWidth());
    long tokens = layout.tokens();
    Weights ofEach = blocks.weights();
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

  /** Where each session's state lies. */
  StateLayout stateLayout() {
    return stateLayout;
  }

  @Override
  public ActionSession newSession(ActionTask task, ActionMode mode, Team team) {
    return new LramSession(this, task, mode, config.window(), team, false);
  }

  @Override
  public ActionOutputs evaluate(ActionEpisode episode, ActionTask task, Team team) {
    return new WholeEpisode(this, episode, task, team).run();
  }

  @Override
  public ActionOutputs replay(
      ActionEpisode episode, ActionTask task, ActionMode mode, int window, Team team) {
    LramSession session = new LramSession(this, task, mode, window, team, true);
    ActionOutputs outputs = session.chooser().newOutputs(episode.steps());
    for (int step = 0; step < episode.steps(); step++) {
      session.act(episode, step);
      session.chooser().keep(outputs, step);
    }
    return outputs;
  }

  TokenEmbeddings embeddings() {
    return embeddings;
  }

  /** What vector observations pass first, or null. */
  @Nullable StateNormalization normalization() {
    return normalization;
  }

  ResidualStack blocks() {
    return blocks;
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
