package org.xlstm4j.models.sequence;

import java.util.SplittableRandom;
import org.xlstm4j.models.StreamWorkloads;

/** A session that is fed with vectors at random; in steps with the same one again and again. */
final class TimedSequence implements StreamWorkloads.Stream<float[]> {
  private final SequenceSession session;
  private final float[] one;

  TimedSequence(SequenceSession session) {
    this.session = session;
    one = tokens(1);
  }

  @Override
  public float[] tokens(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] values = new float[count * session.model().width()];
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
    session.step(one);
  }
}
