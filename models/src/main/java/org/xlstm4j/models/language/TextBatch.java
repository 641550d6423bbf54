package org.xlstm4j.models.language;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.threads.Team;

/**
 * Generates several texts of a model together, with one pass over the weights for a token of each.
 * Each text has the same tokens as alone. Texts may join and leave between the steps.
 *
 * <p>Not thread-safe, and the texts of a step must not be used by other threads meanwhile, but for
 * {@link TextStream#cancel}.
 */
public final class TextBatch {
  private final LanguageBatch batch;
  private final List<TextStream> fed = new ArrayList<>();
  private final List<LanguageSession> sessions = new ArrayList<>();
  private final int[] tokens;

  /** Gets the pieces of texts. */
  @FunctionalInterface
  public interface Receiver {
    /**
     * More of a text.
     *
     * @param text which one
     * @param piece what comes next of it
     */
    void accept(TextStream text, TextPiece piece);
  }

  /**
   * A batch.
   *
   * @param model of all texts
   * @param team the threads it computes with
   * @param capacity most texts of a step
   */
  public TextBatch(LanguageModel model, Team team, int capacity) {
    batch = model.newBatch(team, capacity);
    tokens = new int[capacity];
  }

  /**
   * Generates one token of each text, or ends the text; {@link TextStream#ended} says which.
   *
   * @param texts of sessions of this batch's model, whose prompts have been fed, at most as many as
   *     the capacity
   * @param receiver gets a piece of each text of which more is certain now
   */
  public void step(List<TextStream> texts, Receiver receiver) {
    feed(texts);
    for (TextStream text : texts) {
      if (!text.ended()) {
        TextPiece piece = text.choose();
        if (piece != null) {
          receiver.accept(text, piece);
        }
      }
    }
  }

  private void feed(List<TextStream> texts) {
    fed.clear();
    sessions.clear();
    for (TextStream text : texts) {
      if (text.pending() >= 0 && !text.ended()) {
        tokens[fed.size()] = text.pending();
        fed.add(text);
        sessions.add(text.session());
      }
    }
    if (fed.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    if (fed.size() == 1) {
      sessions.getFirst().step(tokens[0]);
    } else {
      batch.step(sessions, tokens);
    }
    long nanos = System.nanoTime() - start;
    fed.forEach(text -> text.pendingWasFed(nanos));
  }
}
