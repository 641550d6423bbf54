package org.xlstm4j.models.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.Workload;

/** Sessions that are stepped together with ids at random. */
final class TimedBatch implements Workload.Run {
  private final LanguageBatch batch;
  private final List<LanguageSession> sessions = new ArrayList<>();
  private final int[] before;
  private final int[][] tokens;

  private TimedBatch(LanguageModel model, Team team, int size, int steps, int depth) {
    batch = model.newBatch(team, size);
    for (int i = 0; i < size; i++) {
      sessions.add(model.newSession(team));
    }
    Random random = new Random(size);
    int vocabulary = model.vocabularySize();
    before = random.ints(depth, 0, vocabulary).toArray();
    tokens = new int[steps][];
    for (int step = 0; step < steps; step++) {
      tokens[step] = random.ints(size, 0, vocabulary).toArray();
    }
  }

  /**
   * A workload.
   *
   * @param size how many sessions
   * @param steps tokens of each
   * @param depth tokens that come before, of each
   */
  static Workload workload(LanguageModel model, int size, int steps, int depth) {
    String behind = depth == 0 ? "" : " @ d" + depth;
    return new Workload(
        "tg" + steps + " b" + size + behind,
        size * steps,
        model.stepCost().together(size).times(steps),
        team -> new TimedBatch(model, team, size, steps, depth));
  }

  /** Reads all weights once, then the tokens before. */
  @Override
  public void prepare() {
    batch.step(sessions, tokens[0]);
    LanguageSession first = sessions.getFirst();
    first.reset();
    if (before.length > 0) {
      first.feed(before);
    }
    for (LanguageSession session : sessions) {
      if (session != first) {
        session.copyFrom(first);
      }
    }
  }

  @Override
  public int parts() {
    return tokens.length;
  }

  @Override
  public void work(int part) {
    batch.step(sessions, tokens[part]);
  }
}
