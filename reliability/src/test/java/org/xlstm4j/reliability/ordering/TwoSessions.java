package org.xlstm4j.reliability.ordering;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two sessions of one model in two threads do not disturb one another. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The logits of sessions alone.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Other logits.")
@State
public class TwoSessions {
  private static final float[] FIRST = SmallModel.logits(3, 5);
  private static final float[] SECOND = SmallModel.logits(7, 2);

  /** One session. */
  @Actor
  public void first(II_Result result) {
    result.r1 = SmallModel.compare(SmallModel.logits(3, 5), FIRST);
  }

  /** The other. */
  @Actor
  public void second(II_Result result) {
    result.r2 = SmallModel.compare(SmallModel.logits(7, 2), SECOND);
  }
}
