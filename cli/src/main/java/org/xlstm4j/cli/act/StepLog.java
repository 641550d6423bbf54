package org.xlstm4j.cli.act;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.action.GuardState;
import org.xlstm4j.models.action.GuardedSession;

/**
 * Logs what a step did to its session: a stop, and of missed deadlines and late observations the
 * first, the second, the fourth and so on, so that logs stay short.
 */
final class StepLog {
  private static final System.Logger LOGGER = System.getLogger(StepLog.class.getPackageName());

  private @Nullable GuardedSession session;
  private long missed;
  private long late;
  private boolean stopped;

  /** A step begins. */
  void begin(GuardedSession next) {
    session = next;
    missed = next.timer().missed();
    late = next.timer().late();
    stopped = next.state() == GuardState.STOPPED;
  }

  /** The step, and what ran after it, is through. */
  void end() {
    GuardedSession watched = session;
    if (watched == null) {
      return;
    }
    session = null;
    long misses = watched.timer().missed();
    if (misses > missed && Long.bitCount(misses) == 1) {
      warn(
          "step {0} of the episode took {1} microseconds; deadlines missed: {2}",
          watched.steps(), watched.timer().lastNanoseconds() / 1000, misses);
    }
    long delays = watched.timer().late();
    if (delays > late && Long.bitCount(delays) == 1) {
      warn(
          "the observation of step {0} of the episode came late; late observations: {1}",
          watched.steps(), delays);
    }
    if (!stopped && watched.state() == GuardState.STOPPED) {
      warn(
          "the session stopped at step {0} of the episode: {1}",
          watched.steps(), ActServer.cause(watched));
    }
  }

  private static void warn(String format, Object... values) {
    LOGGER.log(System.Logger.Level.WARNING, format, values);
  }
}
