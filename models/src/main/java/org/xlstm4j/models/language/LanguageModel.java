package org.xlstm4j.models.language;

import java.io.IOException;
import java.nio.file.Path;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.ModelFormatException;

/**
 * A language model: immutable weights over a mapped checkpoint. Thread-safe; each stream of tokens
 * has a {@link LanguageSession} of its own.
 */
public abstract sealed class LanguageModel implements AutoCloseable permits XlstmLarge, PaperXlstm {
  private final Checkpoint checkpoint;

  LanguageModel(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /**
   * Opens a model folder as its authors publish it; the family is told from its configuration.
   *
   * @param folder holds {@code config.json} or {@code config.yaml} and the weights
   * @return the model; closing it unmaps the weights
   * @throws ModelFormatException if the folder holds no language model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  public static LanguageModel open(Path folder) throws IOException {
    WarmUp.begin();
    Config config = Config.ofFolder(folder);
    Checkpoint checkpoint = Checkpoint.open(folder);
    try {
      return PaperXlstmConfig.matches(config)
          ? PaperXlstm.of(PaperXlstmConfig.of(config), checkpoint)
          : XlstmLarge.of(XlstmLargeConfig.of(config), checkpoint);
    } catch (IOException | RuntimeException | Error e) {
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

  /**
   * The weights that one decoded token reads.
   *
   * @return bytes
   */
  public abstract long bytesPerToken();

  /** What computes one session's tokens. */
  abstract LanguageNetwork network(Workspace workspace, State state);

  /**
   * A new stream of tokens.
   *
   * @param team the threads it computes with
   * @return a session at the start: an empty text
   */
  public LanguageSession newSession(Team team) {
    Workspace workspace = new Workspace(team);
    State state = new State(stateLayout());
    return new LanguageSession(this, state, network(workspace, state));
  }

  /**
   * The file the weights come from.
   *
   * @return the open checkpoint
   */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Ends the mapping of the weights; sessions throw {@link IllegalStateException} afterwards. */
  @Override
  public void close() {
    checkpoint.close();
  }
}
