package org.xlstm4j.models.sequence;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.xlstm4j.models.StreamWorkloads;

/** A session that is fed with vectors at random. */
record TimedSequence(SequenceSession session) implements StreamWorkloads.Stream<float[]> {
  @Override
  public float[] tokens(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] values = new float[count * width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Override
  public void reset() {
    session.reset();
  }

  @Override
  public void feed(float[] tokens) {
    session.forward(tokens);
  }

  @Override
  public void step(float[] tokens, int index) {
    session.step(Arrays.copyOfRange(tokens, index * width(), (index + 1) * width()));
  }

  private int width() {
    return session.model().width();
  }
}
