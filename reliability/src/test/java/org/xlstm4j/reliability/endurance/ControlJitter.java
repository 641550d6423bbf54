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

  /** Steps that tell what is usual. */
  private static final int USUAL = 300;

  /** Rounds of counting that tell how long one takes. */
  private static final int COUNTED = 100_000;

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
      Times times = new Times(steps, budget);
      Times counted = new Times(steps, budget);
      run(session, times, counted, rounds, observation, action);
      times.report("step");
      counted.report("counting");
      requireComparable(times, counted);
      long missed = session.timer().missed();
      System.out.printf(Locale.ROOT, "missed by the guard's count: %d%n", missed);
      PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
      out.println("steps:");
      times.all.histogram(out);
      out.println("counting:");
      counted.all.histogram(out);
      out.flush();
    }
  }

  /**
   * How long a step usually takes at this rate, where caches and the core have time to cool down.
   */
  private static long usual(GuardedSession session, float[] observation, float[] action)
      throws IOException {
    Times times = new Times(USUAL, Long.MAX_VALUE);
    run(session, times, new Times(USUAL, Long.MAX_VALUE), 0, observation, action);
    return Math.round(1000 * times.all.microseconds(0.5));
  }

  /**
   * Nanoseconds that a round of counting takes when it is compiled. The pauses are for the
   * compiler, which may have to wait for this thread's processor.
   */
  private static double eachRound() {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < USUAL; i++) {
      LockSupport.parkNanos(PERIOD);
      long start = System.nanoTime();
      sink = count(COUNTED);
      best = Math.min(best, (double) (System.nanoTime() - start) / COUNTED);
    }
    return best;
  }

  private static void requireComparable(Times times, Times counted) {
    double ratio = counted.all.microseconds(0.5) / times.all.microseconds(0.5);
    if (ratio < 0.5 || ratio > 2) {
      throw new IllegalStateException("counting took " + ratio + " of a step's time");
    }
  }

  private static void run(
      GuardedSession session,
      Times times,
      Times counted,
      int rounds,
      float[] observation,
      float[] action)
      throws IOException {
    session.reset();
    long next = System.nanoTime();
    for (int step = 0; step < times.all.capacity(); step++) {
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

  /** Durations, and how many were beyond a budget. */
  private static final class Times {
    private final StepTimes all;
    private final long budget;
    private int beyond;

    Times(int capacity, long budget) {
      all = new StepTimes(capacity);
      this.budget = budget;
    }

    void add(long time) {
      all.add(time);
      beyond += time > budget ? 1 : 0;
    }

    void report(String name) {
      System.out.printf(
          Locale.ROOT,
          "%s: p50 %.1f us, p99 %.1f, p99.9 %.1f, p99.99 %.1f, worst %.1f; %d of %d above %.1f"
              + " us%n",
          name,
          all.microseconds(0.5),
          all.microseconds(0.99),
          all.microseconds(0.999),
          all.microseconds(0.9999),
          all.microseconds(1),
          beyond,
          all.count(),
          budget * 1e-3);
    }
  }
}
