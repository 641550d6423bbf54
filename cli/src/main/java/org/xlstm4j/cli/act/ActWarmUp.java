package org.xlstm4j.cli.act;

import java.time.Duration;
import org.xlstm4j.models.action.GuardedSession;

/**
 * Runs steps in the first session of a model with pictures, and in the first without, so that the
 * code is compiled. Sessions that come meanwhile wait for it: none begins cold. Thread-safe.
 */
public final class ActWarmUp {
  private final Duration time;
  private final Kind pictures = new Kind();
  private final Kind numbers = new Kind();

  /**
   * A warm-up.
   *
   * @param time how long a first session runs steps; further ones run one
   */
  public ActWarmUp(Duration time) {
    this.time = time;
  }

  void run(GuardedSession session) {
    (session.task().pictures() ? pictures : numbers).run(session, time);
  }

  /** Sessions that run the same code. */
  private static final class Kind {
    private boolean warm;

    synchronized void run(GuardedSession session, Duration time) {
      session.warmUp(warm ? Duration.ZERO : time);
      warm = true;
    }
  }
}
