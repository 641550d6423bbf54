package org.xlstm4j.bench.control;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.StepTimes;

/**
 * One long episode, next to a loop that only counts for as long as a step takes, on a thread of its
 * own in the same run: what that loop's times spread is the machine's doing, not the model's. The
 * worst steps are named with what else happened while they ran.
 *
 * <pre>
 * LongRun M16 Q8 THREADS STEPS
 * </pre>
 */
final class LongRun {
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final int SAMPLE = 500;

  /** Steps between two looks at the counters. */
  private static final int STRETCH = 100;

  private static final int WORST = 5;

  private LongRun() {}

  /**
   * Runs it.
   *
   * @param arguments size, weight type, number of threads, number of steps
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int steps = Integer.parseInt(arguments[3]);
    Team team = Team.of(Integer.parseInt(arguments[2]));
    try (ActionModel model =
        ControlSize.valueOf(arguments[0]).model(WeightType.valueOf(arguments[1]))) {
      ControlLoop loop = new ControlLoop(model, team);
      loop.session().warmUp(WARM_UP);
      StepTimes sample = new StepTimes(SAMPLE);
      for (int i = 0; i < SAMPLE; i++) {
        sample.add(loop.step());
      }
      SpinLoop spin = new SpinLoop(Math.round(1000 * sample.microseconds(0.5)), steps);
      spin.start();
      run(loop, steps);
      spin.finish();
      report("spin", spin.times());
    }
  }

  private static void run(ControlLoop loop, int steps) throws IOException {
    StepTimes times = new StepTimes(steps);
    Disturbances disturbances = new Disturbances(WORST);
    disturbances.begin();
    long first = System.nanoTime();
    for (int step = 0; step < steps; step += STRETCH) {
      disturbances.beginStretch();
      for (int i = 0; i < Math.min(STRETCH, steps - step); i++) {
        long time = loop.step();
        times.add(time);
        disturbances.step(step + i, time);
      }
      disturbances.endStretch();
    }
    double seconds = (System.nanoTime() - first) * 1e-9;
    report("step", times);
    System.out.printf(Locale.ROOT, "%d steps in %.0f s%n", steps, seconds);
    disturbances.report(System.out);
    PrintWriter histogram = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    times.histogram(histogram);
    histogram.flush();
  }

  private static void report(String name, StepTimes times) {
    System.out.printf(
        Locale.ROOT,
        "%s: mean %.1f us, p50 %.1f, p99 %.1f, p99.9 %.1f (%.2f of p50), worst %.1f%n",
        name,
        times.meanMicroseconds(),
        times.microseconds(0.5),
        times.microseconds(0.99),
        times.microseconds(0.999),
        times.microseconds(0.999) / times.microseconds(0.5),
        times.microseconds(1));
  }
}
