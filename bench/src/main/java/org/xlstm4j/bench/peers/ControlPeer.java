package org.xlstm4j.bench.peers;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;

/** This engine's control steps as one of the runtimes: observations and actions of Meta-World. */
public final class ControlPeer {
  private static final ActionTask TASK = ActionTask.ofVectors(39, 4, 200, 1900);
  private static final int CHECKED_STEPS = 4;

  private ControlPeer() {}

  /**
   * Runs.
   *
   * @param arguments {@code MODEL THREADS CASE REPEATS}
   * @throws IOException if the model cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    PeerTask task = PeerTask.of(arguments);
    Team team = Team.of(task.threads());
    try (ActionModel model = ActionModel.open(task.model())) {
      WarmUp.complete();
      ActionSession session = model.newSession(TASK, ActionMode.ZERO, team);
      run(session, CHECKED_STEPS);
      List<Float> check = PeerResult.check(session.logits());
      List<Double> seconds = Timed.runs(task, () -> run(session, task.count()));
      Map<String, Double> figures = Timed.limits(team, model.stepCost(), task.count());
      String runtime = "xlstm4j " + WarmUp.description();
      System.out.println(new PeerResult(runtime, check, task.count(), seconds, figures).toJson());
    }
  }

  private static double run(ActionSession session, int steps) {
    float[] action = new float[TASK.actionWidth()];
    session.reset();
    double seconds = 0;
    for (int step = 0; step < steps; step++) {
      float[] observation = PeerTask.values(TASK.observationWidth(), step);
      long start = System.nanoTime();
      session.act(observation, 0, action);
      seconds += (System.nanoTime() - start) * 1e-9;
    }
    return seconds;
  }
}
