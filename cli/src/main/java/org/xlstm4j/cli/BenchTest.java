package org.xlstm4j.cli;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.xlstm4j.engine.MachineLimits;
import org.xlstm4j.engine.Team;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.tirex.TirexModel;
import org.xlstm4j.models.tirex.TirexSession;
import org.xlstm4j.models.vision.VilModel;
import org.xlstm4j.models.vision.VilSession;

/**
 * Something to be timed.
 *
 * @param name as llama-bench names it where it has such a test
 * @param units tokens, pictures or observations of one run
 * @param cost of one run
 * @param newRun makes what is to be run with a team, its buffers included
 */
record BenchTest(String name, int units, StepCost cost, Function<Team, Run> newRun) {
  /** Units of work that are run before any is timed. */
  private static final double WARM_SECONDS = 1.5;

  private static final int STEPS = 128;

  /** What is run again and again. */
  interface Run {
    /** Whatever has to be done before each run and is not timed. */
    void prepare();

    /** What is timed. */
    void work();
  }

  /** The tests that fit a model's family. */
  static List<BenchTest> of(
      Model model, List<Integer> prompts, List<Integer> tokens, List<Integer> depths) {
    return switch (model) {
      case LanguageModel language -> ofLanguage(language, prompts, tokens, depths);
      case VilModel vision -> List.of(ofPictures(vision));
      case ActionModel action -> List.of(ofObservations(action));
      case TirexModel forecaster -> List.of(ofForecasts(forecaster));
      default -> throw new UsageException("no test for a model of family " + model.family());
    };
  }

  private static List<BenchTest> ofLanguage(
      LanguageModel model, List<Integer> prompts, List<Integer> tokens, List<Integer> depths) {
    List<BenchTest> tests = new ArrayList<>();
    for (int depth : depths) {
      String behind = depth == 0 ? "" : " @ d" + depth;
      for (int count : prompts) {
        if (count > 0) {
          tests.add(
              new BenchTest(
                  "pp" + count + behind,
                  count,
                  model.promptCost(count),
                  team -> ofPrompt(model, team, count, depth)));
        }
      }
      for (int count : tokens) {
        if (count > 0) {
          tests.add(
              new BenchTest(
                  "tg" + count + behind,
                  count,
                  times(model.stepCost(), count),
                  team -> ofTokens(model, team, count, depth)));
        }
      }
    }
    return tests;
  }

  private static Run ofPrompt(LanguageModel model, Team team, int count, int depth) {
    LanguageSession session = model.newSession(team);
    int[] before = ids(model, depth);
    int[] ids = ids(model, count);
    return new Run() {
      @Override
      public void prepare() {
        start(session, before);
      }

      @Override
      public void work() {
        session.feed(ids);
      }
    };
  }

  private static Run ofTokens(LanguageModel model, Team team, int count, int depth) {
    LanguageSession session = model.newSession(team);
    int[] before = ids(model, depth);
    int[] ids = ids(model, count);
    return new Run() {
      @Override
      public void prepare() {
        start(session, before);
      }

      @Override
      public void work() {
        for (int id : ids) {
          session.step(id);
        }
      }
    };
  }

  private static void start(LanguageSession session, int[] before) {
    session.reset();
    if (before.length > 0) {
      session.feed(before);
    }
  }

  private static int[] ids(LanguageModel model, int count) {
    return new SplittableRandom(count).ints(count, 0, model.vocabularySize()).toArray();
  }

  private static BenchTest ofPictures(VilModel model) {
    return new BenchTest("picture", 1, model.stepCost(), team -> ofPicture(model, team));
  }

  private static Run ofPicture(VilModel model, Team team) {
    VilSession session = model.newSession(team);
    float[] pixels = new float[model.config().channels() * session.image().area()];
    return new Run() {
      @Override
      public void prepare() {}

      @Override
      public void work() {
        session.run(pixels);
      }
    };
  }

  /** A forecast of one patch from a whole context. */
  private static BenchTest ofForecasts(TirexModel model) {
    return new BenchTest("forecast", 1, model.forecastCost(), team -> ofForecast(model, team));
  }

  private static Run ofForecast(TirexModel model, Team team) {
    TirexSession session = model.newSession(team);
    for (int i = 0; i < model.contextLength(); i++) {
      session.add((float) Math.sin(0.1 * i));
    }
    return new Run() {
      @Override
      public void prepare() {}

      @Override
      public void work() {
        session.forecast(model.patchLength());
      }
    };
  }

  private static BenchTest ofObservations(ActionModel model) {
    return new BenchTest(
        "step" + STEPS, STEPS, times(model.stepCost(), STEPS), team -> ofSteps(model, team));
  }

  private static Run ofSteps(ActionModel model, Team team) {
    int width = model.config().stateWidth();
    ActionTask task = ActionTask.ofVectors(width, model.config().actionWidth(), 1, 0);
    ActionSession session = model.newSession(task, team);
    float[] observation = new float[width];
    float[] action = new float[task.actionWidth()];
    return new Run() {
      @Override
      public void prepare() {
        session.reset();
      }

      @Override
      public void work() {
        for (int step = 0; step < STEPS; step++) {
          session.act(observation, 0, action);
        }
      }
    };
  }

  private static StepCost times(StepCost cost, int count) {
    return new StepCost(
        cost.unit(),
        cost.weightBytes() * count,
        cost.stateBytes() * count,
        cost.multiplyAdds() * count);
  }

  /** Runs the test; the machine's limits are measured before every repetition. */
  BenchResult run(Team team, int repetitions) {
    Run run = newRun.apply(team);
    long begin = System.nanoTime();
    do {
      run.prepare();
      run.work();
    } while (System.nanoTime() - begin < WARM_SECONDS * 1e9);
    BenchResult result = new BenchResult(this, team.size());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < repetitions; i++) {
      MachineLimits limits = MachineLimits.measure(team, workingSet());
      run.prepare();
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      run.work();
      double seconds = (System.nanoTime() - start) * 1e-9;
      long bytes = threads.getCurrentThreadAllocatedBytes() - allocated;
      result.add(seconds, bytes, limits);
    }
    return result;
  }

  /** Bytes that a step walks over. */
  private long workingSet() {
    int passes = name.startsWith("pp") ? 1 : units;
    return (cost.weightBytes() + cost.stateBytes()) / passes;
  }
}
