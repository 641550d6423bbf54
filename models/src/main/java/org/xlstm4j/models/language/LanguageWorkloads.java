package org.xlstm4j.models.language;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.Workload;
import org.xlstm4j.models.WorkloadSizes;

/** Prompts ({@code pp}) and texts written token by token ({@code tg}), behind other tokens. */
final class LanguageWorkloads {
  private LanguageWorkloads() {}

  static List<Workload> of(LanguageModel model, WorkloadSizes sizes) {
    List<Workload> workloads = new ArrayList<>();
    for (int depth : sizes.depths()) {
      String behind = depth == 0 ? "" : " @ d" + depth;
      for (int count : sizes.prompts()) {
        if (count > 0) {
          workloads.add(
              new Workload(
                  "pp" + count + behind,
                  count,
                  model.promptCost(count),
                  team -> prompt(model, team, count, depth)));
        }
      }
      for (int count : sizes.steps()) {
        if (count > 0) {
          workloads.add(
              new Workload(
                  "tg" + count + behind,
                  count,
                  model.stepCost().times(count),
                  team -> tokens(model, team, count, depth)));
        }
      }
    }
    return workloads;
  }

  private static Workload.Run prompt(LanguageModel model, Team team, int count, int depth) {
    LanguageSession session = model.newSession(team);
    int[] before = ids(model, depth);
    int[] ids = ids(model, count);
    return new Workload.Run() {
      @Override
      public void prepare() {
        start(session, before);
      }

      @Override
      public void work(int part) {
        session.feed(ids);
      }
    };
  }

  private static Workload.Run tokens(LanguageModel model, Team team, int count, int depth) {
    LanguageSession session = model.newSession(team);
    int[] before = ids(model, depth);
    int[] ids = ids(model, count);
    return new Workload.Run() {
      @Override
      public void prepare() {
        start(session, before);
      }

      @Override
      public int parts() {
        return count;
      }

      @Override
      public void work(int part) {
        session.step(ids[part]);
      }
    };
  }

  private static void start(LanguageSession session, int[] before) {
    session.step(0);
    session.reset();
    if (before.length > 0) {
      session.feed(before);
    }
  }

  private static int[] ids(LanguageModel model, int count) {
    return new SplittableRandom(count).ints(count, 0, model.vocabularySize()).toArray();
  }
}
