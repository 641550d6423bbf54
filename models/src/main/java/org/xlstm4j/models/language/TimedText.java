package org.xlstm4j.models.language;

import java.util.SplittableRandom;
import org.xlstm4j.models.StreamWorkloads;

/** A session that is fed with ids at random. */
record TimedText(LanguageSession session) implements StreamWorkloads.Stream<int[]> {
  @Override
  public int[] tokens(int count) {
    int size = session.model().vocabularySize();
    return new SplittableRandom(count).ints(count, 0, size).toArray();
  }

  @Override
  public void reset() {
    session.reset();
  }

  @Override
  public void feed(int[] tokens) {
    session.feed(tokens);
  }

  @Override
  public void step(int[] tokens, int index) {
    session.step(tokens[index]);
  }
}
