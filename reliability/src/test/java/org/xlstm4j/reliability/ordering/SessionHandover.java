package org.xlstm4j.reliability.ordering;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.xlstm4j.models.language.LanguageSession;

/** A session goes on in a thread that got it from another one, by a volatile field. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Not there yet.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The logits of one thread.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Other logits.")
@State
public class SessionHandover {
  private static final float[] EXPECTED = SmallModel.logits(3, 5);

  private volatile LanguageSession handed;

  /** Begins the text. */
  @Actor
  public void begin() {
    LanguageSession session = SmallModel.session();
    session.step(3);
    handed = session;
  }

  /** Goes on, if it is there. */
  @Actor
  public void goOn(I_Result result) {
    LanguageSession session = handed;
    if (session != null) {
      session.step(5);
      result.r1 = SmallModel.compare(session.logits(), EXPECTED);
    }
  }
}
