package org.xlstm4j.bench.peers;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;

/** This engine's language models as one of the runtimes. */
public final class XlstmPeer {
  private XlstmPeer() {}

  /**
   * Runs.
   *
   * @param arguments {@code MODEL THREADS CASE REPEATS}
   * @throws IOException if the model cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    PeerTask task = PeerTask.of(arguments);
    Team team = Team.of(task.threads());
    try (LanguageModel model = LanguageModel.open(task.model())) {
      WarmUp.complete();
      LanguageSession session = model.newSession(team);
      int vocabulary = model.vocabularySize();
      List<Float> check = PeerResult.check(session.feed(PeerTask.checkTokens(vocabulary)));
      if (task.depth() > 0) {
        session.reset();
        session.feed(task.depthTokens(vocabulary));
      }
      List<Double> seconds = Timed.runs(task, () -> run(task, session, vocabulary));
      StepCost step = model.stepCost();
      Map<String, Double> figures =
          task.prompt()
              ? Timed.limits(team, model.promptCost(task.count()), 1)
              : Timed.limits(team, step, task.count());
      figures.put("weight_bytes", (double) step.weightBytes());
      figures.put("weights", (double) step.multiplyAdds());
      String runtime = "xlstm4j " + WarmUp.description();
      System.out.println(new PeerResult(runtime, check, task.count(), seconds, figures).toJson());
    }
  }

  private static double run(PeerTask task, LanguageSession session, int vocabulary) {
    int[] tokens = task.tokens(vocabulary);
    if (task.depth() == 0) {
      session.reset();
      if (!task.prompt()) {
        session.feed(PeerTask.checkTokens(vocabulary));
      }
    }
    long start = System.nanoTime();
    if (task.prompt()) {
      session.feed(tokens);
    } else {
      for (int token : tokens) {
        session.step(token);
      }
    }
    return (System.nanoTime() - start) * 1e-9;
  }
}
