package org.xlstm4j.models.lram;

import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Pass;

/**
 * One session's way through the blocks: tokens are added one by one and run together, so that the
 * weights are read once for all of them.
 */
final class TokenQueue {
  private final LramModel model;
  private final Pass pass;
  private final Columns tokens;
  private final Columns[] places;
  private final Columns output;
  private final float[] scratch;
  private int waiting;
  private int ran;

  /**
   * An empty queue.
   *
   * @param state updated when tokens run
   * @param capacity most tokens that wait
   */
  TokenQueue(LramModel model, Workspace workspace, State state, int capacity) {
    this.model = model;
    pass = Pass.ofStream(workspace, state);
    int width = model.config().width();
    tokens = Columns.allocate(capacity, width);
    places = new Columns[capacity];
    for (int i = 0; i < capacity; i++) {
      places[i] = new Columns(tokens.data(), tokens.at(i), width);
    }
    output = Columns.allocate(1, width);
    scratch = new float[width];
  }

  /** Tokens that wait. */
  int waiting() {
    return waiting;
  }

  /** Forgets the tokens that wait. */
  void clear() {
    waiting = 0;
  }

  /** Adds an observation by its embedding. */
  void addState(float[] embedding, int offset, long step) {
    Columns token = next();
    System.arraycopy(embedding, offset, token.data(), token.offset(), scratch.length);
    complete(TokenEmbeddings.Kind.STATE, step, token);
  }

  /** Adds a return-to-go, scaled. */
  void addReturn(float value, long step) {
    Columns token = next();
    model.embeddings().returnToGo(value, token);
    complete(TokenEmbeddings.Kind.RETURN, step, token);
  }

  /** Adds a reward, scaled. */
  void addReward(float value, long step) {
    Columns token = next();
    model.embeddings().reward(value, token);
    complete(TokenEmbeddings.Kind.REWARD, step, token);
  }

  /** Adds one dimension of an action. */
  void addAction(int choice, long step) {
    Columns token = next();
    model.embeddings().action(choice, token);
    complete(TokenEmbeddings.Kind.ACTION, step, token);
  }

  /** Runs the waiting tokens, of which there is at least one. */
  void run() {
    model.blocks().forward(pass.take(waiting), tokens);
    ran = waiting;
    waiting = 0;
  }

  /**
   * The encoder's output at a token of the last {@link #run}.
   *
   * @param token its number in that run, or counted from the end if negative: -1 is the last
   * @return valid until the next call
   */
  Columns output(int token) {
    model.outputNorm().apply(places[token < 0 ? ran + token : token], 0, 1, output);
    return output;
  }

  private Columns next() {
    return places[waiting++];
  }

  private void complete(TokenEmbeddings.Kind kind, long step, Columns token) {
    model.embeddings().complete(kind, step, scratch, token);
  }
}
