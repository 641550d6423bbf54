package org.xlstm4j.models.language;

import java.util.Arrays;
import java.util.Random;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.Workload;

/**
 * The last turn of a conversation of ids at random, up to the first token of its answer: read from
 * the beginning, as without a cache, or from where the turn before ended.
 */
final class TimedConversation implements Workload.Run {
  /** Tokens of a question, and of an answer. */
  private static final int PART = 64;

  private final LanguageSession session;
  private final StateCache cache;
  private final int[] before;
  private final int[] all;
  private final boolean cached;

  private TimedConversation(LanguageModel model, Team team, int turns, boolean cached) {
    session = model.newSession(team);
    all = new Random(turns).ints(tokens(turns), 0, model.vocabularySize()).toArray();
    before = Arrays.copyOf(all, all.length - PART);
    cache = StateCache.inMemory(model, 2 * StateCache.stateBytes(model) + 1_000_000);
    this.cached = cached;
  }

  /** Behind the last question. */
  private static int tokens(int turns) {
    return (2 * turns - 1) * PART;
  }

  /** A workload: of so many turns, the last is timed. */
  static Workload workload(LanguageModel model, int turns, boolean cached) {
    int tokens = cached ? PART : tokens(turns);
    return new Workload(
        "turn" + turns + (cached ? " cached" : ""),
        tokens,
        model.promptCost(tokens),
        team -> new TimedConversation(model, team, turns, cached));
  }

  @Override
  public void prepare() {
    if (before.length > 0) {
      session.reset();
      session.feed(before);
      cache.keep(before, session);
    }
    session.reset();
  }

  @Override
  public void work(int part) {
    int fed = cached ? cache.restore(all, session) : 0;
    session.feed(Arrays.copyOfRange(all, fed, all.length));
  }
}
