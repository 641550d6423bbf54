package org.xlstm4j.cli;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.xlstm4j.engine.LimitProbe;
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
 * Something to be timed, next to the machine's limits: these are sampled before, after and, in what
 * lasts longer, between the parts of the work, since a shared machine changes meanwhile.
 *
 * @param name as llama-bench names it where it has such a test
 * @param units tokens, pictures or observations of one run
 * @param cost of one run
 * @param newRun makes what is to be run with a team, its buffers included
 */
record BenchTest(String name, int units, StepCost cost, Function<Team, Run> newRun) {
  /** How long the work is run before it is timed, in seconds. */
  private static final double WARM_SECONDS = 1.5;

  /** Work goes on for so long between two samples of the limits. */
  private static final long SLICE_NANOS = 250_000_000;

  private static final int STEPS = 128;

  /** What is read in a tenth of a second or two. */
  private static final long BYTES_OF_A_FEW_STEPS = 2_000_000_000;

  /** What is run again and again. */
  interface Run {
    /**
     * Whatever has to be done before each run and is not timed. Weights that fit a cache are in it
     * afterwards.
     */
    void prepare();

    /** Number of parts of the work, between which the limits may be sampled. */
    default int parts() {
      return 1;
    }

    /** Does one part, which is timed. */
    void work(int part);
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

  /** A few of the steps that a model takes one at a time, for an idea of its speed. */
  static BenchTest ofSteps(Model model) {
    long steps = Math.clamp(BYTES_OF_A_FEW_STEPS / model.stepCost().weightBytes(), 4, STEPS);
    return of(model, List.of(), List.of((int) steps), List.of(0)).getFirst();
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
                  model.stepCost().times(count),
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
      public void work(int part) {
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

  private static BenchTest ofPictures(VilModel model) {
    return new BenchTest("picture", 1, model.stepCost(), team -> ofPicture(model, team));
  }

  private static Run ofPicture(VilModel model, Team team) {
    VilSession session = model.newSession(team);
    float[] pixels = new float[model.config().channels() * session.image().area()];
    return new Run() {
      @Override
      public void prepare() {
        session.run(pixels);
      }

      @Override
      public void work(int part) {
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
      public void prepare() {
        session.forecast(model.patchLength());
      }

      @Override
      public void work(int part) {
        session.forecast(model.patchLength());
      }
    };
  }

  private static BenchTest ofObservations(ActionModel model) {
    return new BenchTest(
        "step" + STEPS, STEPS, model.stepCost().times(STEPS), team -> ofSteps(model, team));
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

  /** Runs the test. */
  BenchResult run(Team team, int repetitions) {
    Run run = newRun.apply(team);
    long begin = System.nanoTime();
    do {
      run.prepare();
      for (int part = 0; part < run.parts(); part++) {
        run.work(part);
      }
    } while (System.nanoTime() - begin < WARM_SECONDS * 1e9);
    BenchResult result = new BenchResult(this, team.size());
    try (LimitProbe probe = new LimitProbe(team, workingSet(run))) {
      for (int i = 0; i < repetitions; i++) {
        result.add(repetition(run, probe));
      }
    }
    return result;
  }

  /** Bytes that one part walks over. */
  private long workingSet(Run run) {
    return (cost.weightBytes() + cost.stateBytes()) / run.parts();
  }

  private static BenchResult.Sample repetition(Run run, LimitProbe probe) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long nanos = 0;
    long allocated = 0;
    int part = 0;
    probe.restart();
    probe.sample();
    run.prepare();
    while (part < run.parts()) {
      long before = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      long slice;
      do {
        run.work(part++);
        slice = System.nanoTime() - start;
      } while (part < run.parts() && slice < SLICE_NANOS);
      nanos += slice;
      allocated += threads.getCurrentThreadAllocatedBytes() - before;
      probe.sample();
    }
    return new BenchResult.Sample(nanos * 1e-9, allocated, probe.limits());
  }
}
