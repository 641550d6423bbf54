package org.xlstm4j.models.language;

import java.io.IOException;
import java.nio.file.Path;
import org.xlstm4j.engine.LinearObserver;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.LoadOption;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.blocks.Preparation;
import org.xlstm4j.models.blocks.Weights;

/**
 * A language model: immutable weights over a checkpoint. Thread-safe; each stream of tokens has a
 * {@link LanguageSession} of its own.
 */
public abstract sealed class LanguageModel implements Model permits XlstmLarge, PaperXlstm {
  private final Checkpoint checkpoint;

  LanguageModel(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /**
   * Opens a model folder as its authors publish it; the family is told from its configuration.
   *
   * @param folder holds {@code config.json} or {@code config.yaml} and the weights; or the file
   *     with the weights, beside such a configuration
   * @param options how the files are opened; mapped unless told otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if the folder holds no language model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  public static LanguageModel open(Path folder, LoadOption... options) throws IOException {
    Preparation.begin();
    Config config = Config.ofFolder(folder);
    return of(config, Checkpoint.open(folder, config, options));
  }

  /**
   * Puts a model together.
   *
   * @param config its configuration
   * @param checkpoint its weights, which are closed with the model, or at once if there is none
   * @return the model
   * @throws ModelFormatException if the configuration is of no language model, or the weights do
   *     not fit it
   */
  public static LanguageModel of(Config config, Checkpoint checkpoint) throws ModelFormatException {
    Preparation.begin(checkpoint);
    try {
      String family = config.textOr("model_type", "xlstm");
      if (!family.equals("xlstm") && !family.equals("xlstm_lm")) {
        throw config.error("model_type", family, "a language model, xlstm or xlstm_lm");
      }
      return PaperXlstmConfig.matches(config)
          ? PaperXlstm.of(PaperXlstmConfig.of(config), checkpoint)
          : XlstmLarge.of(XlstmLargeConfig.of(config), checkpoint);
    } catch (ModelFormatException | RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
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

  /** Those of the blocks, which every token is multiplied with. */
  abstract Weights blockWeights();

  /** Those of the output head. */
  abstract Weights headWeights();

  @Override
  public StepCost stepCost() {
    Weights all = blockWeights().plus(headWeights());
    return new StepCost(
        "token", all.bytes(), stateLayout().byteSize(), all.count(), all.quantized());
  }

  /**
   * What the machine has to do for a prompt, whose logits are wanted behind its last token only:
   * read each weight once, and multiply each token by it, in floats.
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

  /** What computes one session's tokens. */
  abstract LanguageNetwork network(Workspace workspace, State state);

  /**
   * A new stream of tokens.
   *
   * @param team the threads it computes with
   * @return a session at the start: an empty text
   */
  public LanguageSession newSession(Team team) {
    return newSession(new Workspace(team));
  }

  /** A session that shows the inputs of its projections. */
  LanguageSession newSession(Team team, LinearObserver observer) {
    Workspace workspace = new Workspace(team);
    workspace.observe(observer);
    return newSession(workspace);
  }

  private LanguageSession newSession(Workspace workspace) {
    State state = new State(stateLayout());
    return new LanguageSession(this, state, network(workspace, state));
  }

  @Override
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
