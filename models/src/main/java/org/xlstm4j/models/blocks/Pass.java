package org.xlstm4j.models.blocks;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.TokenWork;

/**
 * Some tokens on their way through a model's layers: the threads and scratch memory that compute
 * them, the states of their sequences, and what is special about them.
 *
 * <p>Not thread-safe: belongs to a session. {@link #take} allocates nothing.
 */
public final class Pass {
  /** Fewer tokens are not worth calling the team. */
  private static final int WORTH_SHARING = 8;

  private final Workspace workspace;
  private final @Nullable Sequences sequences;
  private final State state;
  private final boolean whole;
  private final int gridWidth;
  private final boolean endsOnly;
  private final Team.Region bands = this::band;
  private int tokens;
  private TokenWork work = TokenWork.NONE;
  private int unit = 1;

  private Pass(
      Workspace workspace,
      State state,
      @Nullable Sequences sequences,
      int tokens,
      boolean whole,
      int gridWidth,
      boolean endsOnly) {
    this.workspace = workspace;
    this.state = state;
    this.sequences = sequences;
    this.tokens = tokens;
    this.whole = whole;
    this.gridWidth = gridWidth;
    this.endsOnly = endsOnly;
  }

  /**
   * One sequence that goes on from call to call; each call {@link #take takes} some tokens.
   *
   * @param workspace the session's
   * @param state the session's
   * @return a pass of one token
   */
  public static Pass ofStream(Workspace workspace, State state) {
    return new Pass(workspace, state, null, 1, false, 1, false);
  }

  /**
   * Several sequences together.
   *
   * @param workspace the caller's
   * @param sequences with their states
   * @return a pass of all their tokens
   */
  public static Pass ofSequences(Workspace workspace, Sequences sequences) {
    State first = sequences.states().getFirst();
    return new Pass(workspace, first, sequences, sequences.tokens(), false, 1, false);
  }

  /**
   * A sequence that begins and ends with the pass: a grid of tokens, row after row. Matrix memories
   * start empty and are not kept.
   *
   * @param workspace the session's
   * @param state what else layers remember, zeros at the start
   * @param rows of the grid, at least 1
   * @param columns of the grid, at least 1
   * @return a pass of all tokens
   */
  public static Pass ofGrid(Workspace workspace, State state, int rows, int columns) {
    int tokens = Math.multiplyExact(rows, columns);
    return new Pass(workspace, state, null, tokens, true, columns, false);
  }

  /**
   * The same grid for the last layer, where only the first and the last token of its result matter.
   *
   * @return another pass of the same tokens
   */
  public Pass ofEnds() {
    if (!whole) {
      throw new IllegalStateException("a stream has no end yet");
    }
    return new Pass(workspace, state, null, tokens, true, gridWidth, true);
  }

  /**
   * The next tokens of the stream.
   *
   * @param count how many, at least 1
   * @return this pass
   */
  public Pass take(int count) {
    if (sequences != null || whole) {
      throw new IllegalStateException("the number of tokens is fixed");
    }
    tokens = count;
    return this;
  }

  /**
   * The threads and scratch memory.
   *
   * @return the session's workspace
   */
  public Workspace workspace() {
    return workspace;
  }

  /**
   * The state of the one sequence.
   *
   * @return the live state
   * @throws IllegalStateException if there are several sequences
   */
  public State state() {
    if (sequences != null) {
      throw new IllegalStateException("this layer runs one sequence at a time");
    }
    return state;
  }

  /**
   * The sequences, where there are several.
   *
   * @return null for a single one
   */
  public @Nullable Sequences sequences() {
    return sequences;
  }

  /**
   * The tokens of all sequences together.
   *
   * @return at least 1
   */
  public int tokens() {
    return tokens;
  }

  /**
   * Whether the sequence begins and ends here, so that no matrix memory need be kept.
   *
   * @return false for a stream
   */
  public boolean whole() {
    return whole;
  }

  /**
   * Whether only the first and the last token of a layer's result matter.
   *
   * @return true for a pass {@link #ofEnds}
   */
  public boolean endsOnly() {
    return endsOnly;
  }

  /**
   * Columns of the grid that the tokens form.
   *
   * @return 1 where they form none
   */
  public int gridWidth() {
    return gridWidth;
  }

  /**
   * Does what is done to each token by itself, in the team's threads.
   *
   * @param tokenWork is called for bands of tokens
   * @param bandUnit bands are cut at multiples of so many tokens
   */
  public void run(TokenWork tokenWork, int bandUnit) {
    if (tokens <= WORTH_SHARING) {
      tokenWork.run(0, tokens);
    } else {
      work = tokenWork;
      unit = bandUnit;
      workspace.team().run(bands);
    }
  }

  private void band(int member, int members) {
    int units = tokens / unit;
    int first = (int) ((long) units * member / members) * unit;
    int last = (int) ((long) units * (member + 1) / members) * unit;
    if (first < last) {
      work.run(first, last - first);
    }
  }
}
