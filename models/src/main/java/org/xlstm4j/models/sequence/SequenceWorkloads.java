package org.xlstm4j.models.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.Workload;
import org.xlstm4j.models.WorkloadSizes;

/** Vectors that come together ({@code pp}) and one at a time ({@code tg}). */
final class SequenceWorkloads {
  private SequenceWorkloads() {}

  static List<Workload> of(SequenceModel model, WorkloadSizes sizes) {
    List<Workload> workloads = new ArrayList<>();
    for (int count : sizes.prompts()) {
      if (count > 0) {
        workloads.add(
            new Workload(
                "pp" + count, count, model.sequenceCost(count), team -> many(model, team, count)));
      }
    }
    for (int count : sizes.steps()) {
      if (count > 0) {
        workloads.add(
            new Workload(
                "tg" + count,
                count,
                model.stepCost().times(count),
                team -> each(model, team, count)));
      }
    }
    return workloads;
  }

  private static Workload.Run many(SequenceModel model, Team team, int count) {
    SequenceSession session = model.newSession(team);
    float[] x = values(count * model.width());
    return Workload.repeated(
        () -> {
          session.reset();
          session.forward(x);
        });
  }

  private static Workload.Run each(SequenceModel model, Team team, int count) {
    SequenceSession session = model.newSession(team);
    float[] x = values(model.width());
    return new Workload.Run() {
      @Override
      public void prepare() {
        session.step(x);
        session.reset();
      }

      @Override
      public int parts() {
        return count;
      }

      @Override
      public void work(int part) {
        session.step(x);
      }
    };
  }

  private static float[] values(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
