package org.xlstm4j.bench.control;

import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;

/** A session that acts on made-up observations: 39 numbers in, 4 out, as in Meta-World. */
final class ControlLoop {
  private static final ActionTask TASK = ActionTask.ofVectors(39, 4, 200, 1900);

  private final ActionSession session;
  private final float[] observation = new float[TASK.observationWidth()];
  private final float[] action = new float[TASK.actionWidth()];
  private int step;

  ControlLoop(ActionModel model, Team team) {
    session = model.newSession(TASK, ActionMode.ZERO, team);
  }

  ActionSession session() {
    return session;
  }

  /**
   * One control step; the observation is not part of the time.
   *
   * @return nanoseconds
   */
  long step() {
    step++;
    for (int i = 0; i < observation.length; i++) {
      observation[i] = (step * (i + 1) % 97 - 48) / 48f;
    }
    session.act(observation, 0.5f, action);
    return session.timer().lastNanoseconds();
  }
}
