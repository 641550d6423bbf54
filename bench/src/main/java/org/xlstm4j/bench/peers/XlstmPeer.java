package org.xlstm4j.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.MachineLimits;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;

/** This engine as one of the runtimes; it measures the machine's limits on the way. */
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
      run(task, session, vocabulary);
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < task.repeats(); i++) {
        seconds.add(run(task, session, vocabulary));
      }
      StepCost cost = task.prompt() ? model.promptCost(task.count()) : model.stepCost();
      String runtime = "xlstm4j " + WarmUp.description();
      PeerResult result =
          new PeerResult(runtime, check, task.count(), seconds, limits(team, cost, task));
      System.out.println(result.toJson());
    }
  }

  private static double run(PeerTask task, LanguageSession session, int vocabulary) {
    int[] tokens = task.tokens(vocabulary);
    session.reset();
    if (!task.prompt()) {
      session.feed(PeerTask.checkTokens(vocabulary));
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

  private static Map<String, Double> limits(Team team, StepCost cost, PeerTask task) {
    MachineLimits limits = MachineLimits.measure(team, cost.weightBytes() + cost.stateBytes());
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("read_rate", limits.readRate());
    figures.put("update_rate", limits.updateRate());
    figures.put("multiply_add_rate", limits.multiplyAddRate());
    figures.put("limit_seconds", cost.seconds(limits) * (task.prompt() ? 1 : task.count()));
    return figures;
  }
}
