package org.xlstm4j.reliability.endurance;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.GuardOptions;
import org.xlstm4j.models.action.GuardedSession;
import org.xlstm4j.models.action.StepTimes;

/**
 * A control loop with a period, each step followed by as much counting as it took: the model and
 * the counting share the core, the clock and the disturbances, so what is longer with one than with
 * the other is not the machine's doing. Deadlines that are missed are counted by the guard and by
 * the histogram, and both must agree.
 */
public final class ControlJitter {
  private static final long PERIOD = 10_000_000;

  @SuppressWarnings("UnusedVariable") // so that the counting is not left out
  private static volatile long sink;

  private ControlJitter() {}

  /**
   * Runs it.
   *
   * @param arguments seconds
   */
  public static void main(String[] arguments) throws IOException {
    int steps = (int) (Long.parseLong(arguments[0]) * 1_000_000_000L / PERIOD);
    Path pretrained = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")));
    try (ActionModel model = ActionModel.open(pretrained.resolve("lram-control"))) {
      model.prefault();
      ActionTask task = model.task("CartPole-v1");
      GuardedSession session =
          new GuardedSession(model.newSession(task, Team.of(1)), GuardOptions.NONE);
      session.warmUp(Duration.ofSeconds(10));
      float[] observation = {0.01f, 0, 0.02f, 0};
      float[] action = new float[task.actionWidth()];
      long usual = usual(session, observation, action);
      long budget = 2 * usual;
      double eachRound = eachRound();
      int rounds = (int) (usual / eachRound);
      session.latencyBudget(budget);
      session.timer().clear();
      StepTimes times = new StepTimes(steps);
      StepTimes counted = new StepTimes(steps);
      run(session, times, counted, rounds, observation, action);
      report("step", times, budget);
      report("counting", counted, budget);
      long missed = session.timer().missed();
      System.out.printf(Locale.ROOT, "missed by the guard's count: %d%n", missed);
      PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
      out.println("steps:");
      times.histogram(out);
      out.println("counting:");
      counted.histogram(out);
      out.flush();
    }
  }

  private static long usual(GuardedSession session, float[] observation, float[] action)
      throws IOException {
    StepTimes times = new StepTimes(2000);
    session.reset();
    for (int i = 0; i < times.capacity(); i++) {
      session.act(observation, 1, action);
      times.add(session.timer().lastNanoseconds());
    }
    return Math.round(1000 * times.microseconds(0.5));
  }

  private static double eachRound() {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long start = System.nanoTime();
      sink = count(1_000_000);
      best = Math.min(best, (System.nanoTime() - start) / 1e6);
    }
    return best;
  }

  private static void run(
      GuardedSession session,
      StepTimes times,
      StepTimes counted,
      int rounds,
      float[] observation,
      float[] action)
      throws IOException {
    session.reset();
    long next = System.nanoTime();
    for (int step = 0; step < times.capacity(); step++) {
      next += PERIOD;
      for (long wait = next - System.nanoTime(); wait > 0; wait = next - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      session.act(observation, 1, action);
      times.add(session.timer().lastNanoseconds());
      long start = System.nanoTime();
      sink = count(rounds);
      counted.add(System.nanoTime() - start);
    }
  }

  /** Each multiplication needs the one before it, so that nothing can be left out. */
  private static long count(int rounds) {
    long value = sink;
    for (int i = 0; i < rounds; i++) {
      value = value * 6364136223846793005L + 1442695040888963407L;
    }
    return value;
  }

  private static void report(String name, StepTimes times, long budget) {
    int beyond = 0;
    for (double share = 1; share > 0 && times.microseconds(share) * 1000 > budget; ) {
      beyond++;
      share -= 1.0 / times.count();
    }
    System.out.printf(
        Locale.ROOT,
        "%s: p50 %.1f us, p99 %.1f, p99.9 %.1f, p99.99 %.1f, worst %.1f; %d of %d above %.1f us%n",
        name,
        times.microseconds(0.5),
        times.microseconds(0.99),
        times.microseconds(0.999),
        times.microseconds(0.9999),
        times.microseconds(1),
        beyond,
        times.count(),
        budget * 1e-3);
  }
}
