package org.xlstm4j.cli.act;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.GuardedSession;

/** Makes the sessions of a run, warmed up and guarded. Thread-safe. */
public final class ActSessions {
  private final ActionModel model;
  private final ActSettings settings;
  private final Team team;
  private final Duration warmUp;
  private final boolean lock;

  /** Whether sessions with pictures, and without, have been warmed up. */
  private final Set<Boolean> warm = ConcurrentHashMap.newKeySet();

  /**
   * Sessions of a model.
   *
   * @param team the threads that each computes with
   * @param warmUp how long the first one runs steps; further ones find the code compiled
   * @param lock whether to keep their states in memory
   */
  public ActSessions(
      ActionModel model, ActSettings settings, Team team, Duration warmUp, boolean lock) {
    this.model = model;
    this.settings = settings;
    this.team = team;
    this.warmUp = warmUp;
    this.lock = lock;
  }

  ActionModel model() {
    return model;
  }

  /** What decides on the actions. */
  public ActSettings settings() {
    return settings;
  }

  /** A session at the start of an episode. */
  public GuardedSession open(ActionTask task) throws IOException {
    return open(task, System::nanoTime);
  }

  /** A session by a clock of the caller's. */
  GuardedSession open(ActionTask task, LongSupplier clock) throws IOException {
    GuardedSession session =
        new GuardedSession(
            model.newSession(task, settings.mode(), team), settings.guard(task), clock);
    session.warmUp(warm.add(task.pictures()) ? warmUp : Duration.ZERO);
    if (lock) {
      session.lockPages();
    }
    Double budget = settings.budget();
    if (budget != null) {
      session.latencyBudget((long) (budget * 1e6));
    }
    return session;
  }
}
