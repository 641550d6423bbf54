package org.xlstm4j.bench.peers;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.image.Size;
import org.xlstm4j.models.vision.VisionModel;
import org.xlstm4j.models.vision.VisionSession;

/** This engine's pictures, one after the other, as one of the runtimes. */
public final class PicturePeer {
  private PicturePeer() {}

  /**
   * Runs.
   *
   * @param arguments {@code MODEL THREADS CASE REPEATS}
   * @throws IOException if the model cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    PeerTask task = PeerTask.of(arguments);
    Team team = Team.of(task.threads());
    try (VisionModel model = VisionModel.open(task.model())) {
      WarmUp.complete();
      VisionSession session = model.newSession(team);
      Size size = model.pictureSize();
      float[] picture = PeerTask.values(model.channels() * size.height() * size.width(), 0);
      List<Float> check = PeerResult.check(session.run(picture));
      List<Double> seconds = Timed.runs(task, () -> run(session, picture, task.count()));
      Map<String, Double> figures = Timed.limits(team, model.stepCost(), task.count());
      String runtime = "xlstm4j " + WarmUp.description();
      System.out.println(new PeerResult(runtime, check, task.count(), seconds, figures).toJson());
    }
  }

  private static double run(VisionSession session, float[] picture, int count) {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      session.run(picture);
    }
    return (System.nanoTime() - start) * 1e-9;
  }
}
