package org.xlstm4j.models.language;

import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Finite;
import org.xlstm4j.models.blocks.Pass;

/**
 * One stream of tokens: constant memory, and constant time for each token, however long it gets.
 *
 * <p>The same tokens give the same bits, for a given file and number of threads, from the first one
 * on.
 *
 * <p>Not thread-safe; different sessions of one model may run in different threads. After the first
 * {@link #step} nothing is allocated by the next ones.
 */
public final class LanguageSession {
  /**
   * Prompts of fewer multiply-adds, some tenths of a second on scalar kernels, are done sooner
   * without a compiler at work beside them.
   */
  private static final long WORTH_WARM_KERNELS = 1_500_000_000;

  private final LanguageModel model;
  private final State state;
  private final LanguageNetwork network;
  private final Pass pass;
  private final float[] logits;
  private final Columns logitColumns;
  private final int[] single = new int[1];
  private long position;

  LanguageSession(LanguageModel model, Workspace workspace, LanguageNetwork network) {
    this.model = model;
    this.network = network;
    state = new State(model.stateLayout());
    pass = Pass.ofStream(workspace, state);
    logits = new float[model.vocabularySize()];
    logitColumns = new Columns(logits, 0, logits.length);
  }

  /**
   * Feeds one token.
   *
   * @param token its id, from 0 to one less than the vocabulary's size
   * @return logits of the next token; the same array at every call, valid until the next one
   * @throws IllegalStateException if they are not finite, since the weights are damaged
   */
  public float[] step(int token) {
    model.checkToken(token);
    single[0] = token;
    network.forward(pass.take(1), single, 0);
    network.logits(0, 1, logitColumns);
    Finite.require("logits", logits, 0, logits.length);
    position++;
    WarmUp.begin();
    return logits;
  }

  /**
   * Feeds a prompt, many tokens at a time.
   *
   * @param tokens at least one id
   * @return logits of the token after the last; the same array as of {@link #step}
   * @throws IllegalStateException if they are not finite, since the weights are damaged
   */
  public float[] feed(int... tokens) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("a prompt has at least one token");
    }
    for (int token : tokens) {
      model.checkToken(token);
    }
    if (model.promptCost(tokens.length).multiplyAdds() >= WORTH_WARM_KERNELS) {
      WarmUp.begin();
    }
    int count = 0;
    for (int first = 0; first < tokens.length; first += count) {
      count = Math.min(LanguageNetwork.CHUNK, tokens.length - first);
      network.forward(pass.take(count), tokens, first);
    }
    network.logits(count - 1, 1, logitColumns);
    Finite.require("logits", logits, 0, logits.length);
    position += tokens.length;
    WarmUp.begin();
    return logits;
  }

  /**
   * Feeds tokens and returns the logits after each of them.
   *
   * @param tokens ids
   * @param first index of the first one to feed
   * @param count how many
   * @param target receives {@code [count][vocabularySize]} logits
   * @throws IllegalStateException if they are not finite, since the weights are damaged
   */
  public void score(int[] tokens, int first, int count, float[] target) {
    int width = logits.length;
    if (target.length < Math.multiplyExact(count, width)) {
      throw new IllegalArgumentException("logits of " + count + " tokens do not fit the target");
    }
    for (int i = first; i < first + count; i++) {
      model.checkToken(tokens[i]);
    }
    WarmUp.begin();
    for (int done = 0; done < count; done += LanguageNetwork.CHUNK) {
      int part = Math.min(LanguageNetwork.CHUNK, count - done);
      network.forward(pass.take(part), tokens, first + done);
      network.logits(0, part, new Columns(target, done * width, width));
      Finite.require("logits", target, done * width, part * width);
    }
    if (count > 0) {
      System.arraycopy(target, (count - 1) * width, logits, 0, width);
    }
    position += count;
  }

  /**
   * What the model expects after the tokens fed so far.
   *
   * @return logits of the next token; the same array as of {@link #step}
   * @throws IllegalStateException if no token was fed
   */
  public float[] logits() {
    if (position == 0) {
      throw new IllegalStateException("no token was fed to this session");
    }
    return logits;
  }

  /**
   * Tokens fed so far.
   *
   * @return 0 for a new session
   */
  public long position() {
    return position;
  }

  /**
   * The recurrent state: everything that this session remembers of its tokens.
   *
   * @return the live state
   */
  public State state() {
    return state;
  }

  /** Back to an empty text. */
  public void reset() {
    state.reset();
    position = 0;
  }

  /**
   * Continues where another session is.
   *
   * @param other a session of the same model
   */
  public void copyFrom(LanguageSession other) {
    restore(other.state, other.logits, other.position);
  }

  /** Takes over what a batch computed: the state has already changed. */
  void stepped(float[] all, int first) {
    System.arraycopy(all, first, logits, 0, logits.length);
    position++;
  }

  /** The state was replaced by one behind so many tokens; the logits are still to be. */
  void restored(long newPosition) {
    position = newPosition;
  }

  /** Takes over the state, the logits and the number of tokens of another session. */
  void restore(State otherState, float[] otherLogits, long otherPosition) {
    state.copyFrom(otherState);
    System.arraycopy(otherLogits, 0, logits, 0, logits.length);
    position = otherPosition;
  }

  /**
   * The model this session runs.
   *
   * @return the model
   */
  public LanguageModel model() {
    return model;
  }
}
