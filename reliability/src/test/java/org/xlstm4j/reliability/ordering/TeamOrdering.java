package org.xlstm4j.reliability.ordering;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.xlstm4j.engine.threads.Team;

/**
 * All members see what the caller wrote before a region, and the caller sees what they wrote in it;
 * with another caller at the same time, who gets the helpers or does not.
 */
@JCStressTest
@Outcome(id = "42, 42", expect = Expect.ACCEPTABLE, desc = "Both see all three bands.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Something was not seen.")
@State
public class TeamOrdering {
  private static final int MEMBERS = 3;

  private final Work first = new Work();
  private final Work second = new Work();

  /** Plain fields: nothing but the team orders them. */
  private static final class Work implements Team.Region {
    private int given;
    private final int[] seen = new int[MEMBERS];

    @Override
    public void run(int member, int members) {
      seen[member] += given + member;
    }

    int sum() {
      given = 13;
      Team.of(MEMBERS).run(this);
      return seen[0] + seen[1] + seen[2];
    }
  }

  /** One caller. */
  @Actor
  public void first(II_Result result) {
    result.r1 = first.sum();
  }

  /** The other. */
  @Actor
  public void second(II_Result result) {
    result.r2 = second.sum();
  }
}
