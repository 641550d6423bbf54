package org.xlstm4j.models.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.models.blocks.Finite;
import org.xlstm4j.models.blocks.Pass;

/**
 * Feeds several sessions of a model together, a token each, so that the weights are read once for
 * all of them. Sessions may join and leave between the steps; their states, logits and positions
 * stay theirs.
 *
 * <p>A session's results depend neither on the other sessions nor on their number: bit for bit they
 * are those of {@link LanguageSession#step} in a session with as many threads as the batch.
 *
 * <p>Not thread-safe, and the sessions of a step must not be used by other threads meanwhile. After
 * the first step with the same sessions nothing is allocated by the next ones; a step with others
 * allocates some hundred bytes.
 */
public final class LanguageBatch {
  private final LanguageModel model;
  private final Workspace workspace;
  private final LanguageNetwork network;
  private final int capacity;
  private final int width;

  /** The sessions of the last step. */
  private final @Nullable LanguageSession[] members;

  private int count;
  private @Nullable Pass pass;

  /** {@code [sessions][vocabularySize]}. */
  private Columns logits;

  LanguageBatch(LanguageModel model, Workspace workspace, LanguageNetwork network, int capacity) {
    if (capacity < 1 || capacity > LanguageNetwork.CHUNK) {
      throw new IllegalArgumentException(
          "a batch of " + capacity + " sessions, expected 1 to " + LanguageNetwork.CHUNK);
    }
    Linear.keepBits(workspace);
    this.model = model;
    this.workspace = workspace;
    this.network = network;
    this.capacity = capacity;
    width = model.vocabularySize();
    members = new LanguageSession[capacity];
    logits = Columns.allocate(0, width);
  }

  /**
   * Feeds each session a token. Afterwards {@link LanguageSession#logits} gives each one's logits
   * of the next token.
   *
   * @param sessions of this batch's model, all different, 1 to {@link #capacity}
   * @param tokens an id for each session, from 0 to one less than the vocabulary's size; further
   *     ones are ignored
   * @throws IllegalArgumentException if something is wrong with them; no session has changed
   * @throws IllegalStateException if the logits of a session are not finite, since the weights or
   *     its state are damaged; all sessions have been fed their token
   */
  public void step(List<LanguageSession> sessions, int... tokens) {
    check(sessions, tokens);
    Pass together = pass;
    if (together == null || !areMembers(sessions)) {
      together = enter(sessions);
    }
    network.forward(together, tokens, 0);
    network.logits(0, count, logits);
    float[] all = logits.data();
    for (int i = 0; i < count; i++) {
      sessions.get(i).stepped(all, i * width);
    }
    Finite.require("logits", all, 0, count * width);
    WarmUp.begin();
  }

  private void check(List<LanguageSession> sessions, int[] tokens) {
    int size = sessions.size();
    if (size < 1 || size > capacity || tokens.length < size) {
      throw new IllegalArgumentException(
          size + " sessions and " + tokens.length + " tokens for a batch of " + capacity);
    }
    for (int i = 0; i < size; i++) {
      if (sessions.get(i).model() != model) {
        throw new IllegalArgumentException("session " + i + " is one of another model");
      }
      model.checkToken(tokens[i]);
    }
  }

  private boolean areMembers(List<LanguageSession> sessions) {
    boolean same = sessions.size() == count;
    for (int i = 0; same && i < count; i++) {
      same = sessions.get(i) == members[i];
    }
    return same;
  }

  private Pass enter(List<LanguageSession> sessions) {
    int size = sessions.size();
    List<State> states = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      LanguageSession session = sessions.get(i);
      if (sessions.indexOf(session) != i) {
        throw new IllegalArgumentException("the same session twice");
      }
      states.add(session.state());
    }
    Arrays.fill(members, null);
    sessions.toArray(members);
    count = size;
    if (logits.data().length < size * width) {
      logits = Columns.allocate(size, width);
    }
    List<Integer> lengths = Collections.nCopies(size, 1);
    Pass together = Pass.ofSequences(workspace, new Sequences(states, lengths));
    pass = together;
    return together;
  }

  /**
   * Most sessions of a step.
   *
   * @return at least 1
   */
  public int capacity() {
    return capacity;
  }
}
