package org.xlstm4j.cli.act;

import java.io.IOException;
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
  private final ActWarmUp warmUp;
  private final boolean lock;

  /**
   * Sessions of a model.
   *
   * @param team the threads that each computes with
   * @param warmUp of the model, for all its sessions
   * @param lock whether to keep their states in memory
   */
  public ActSessions(
      ActionModel model, ActSettings settings, Team team, ActWarmUp warmUp, boolean lock) {
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

  /** Warms up for the task that the settings name, if they do. */
  public void warmUp() throws IOException {
    if (settings.task() != null) {
      GuardedSession unused = open(model.task(settings.task()));
    }
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
    warmUp.run(session);
    if (lock) {
      session.lockPages();
    }
    Double budget = settings.budget();
    if (budget != null) {
      session.latencyBudget((long) (budget * 1e6));
    }
    Double period = settings.period();
    if (period != null) {
      session.period((long) (period * 1e6));
    }
    return session;
  }
}
