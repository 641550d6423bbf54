package org.xlstm4j.models.action;

import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.Workload;

/** Steps of a control loop with vector observations. */
final class ActionWorkload {
  private static final int STEPS = 128;

  private ActionWorkload() {}

  static Workload of(ActionModel model) {
    return new Workload(
        "step" + STEPS, STEPS, model.stepCost().times(STEPS), team -> steps(model, team));
  }

  private static Workload.Run steps(ActionModel model, Team team) {
    int width = model.observationWidth();
    ActionTask task = ActionTask.ofVectors(width, model.actionWidth(), 1, 0);
    ActionSession session = model.newSession(task, team);
    float[] observation = new float[width];
    float[] action = new float[task.actionWidth()];
    return new Workload.Run() {
      @Override
      public void prepare() {
        session.act(observation, 0, action);
        session.reset();
      }

      @Override
      public int parts() {
        return STEPS;
      }

      @Override
      public void work(int part) {
        session.act(observation, 0, action);
      }
    };
  }
}
