package org.xlstm4j.models.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.testing.Golden;

/** Guarded sessions of a trained model. */
@Tag("slow")
class GuardedModelTest {
  private static final Team TEAM = Team.of(1);
  private static final String PENDULUM = "Pendulum-v1";

  @SuppressWarnings("NullAway.Init")
  private static ActionModel model;

  @BeforeAll
  static void open() throws IOException {
    Golden.useFastKernels();
    model = ActionModel.open(Golden.pretrained("lram-control"));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static GuardedSession guarded(GuardOptions options) {
    return new GuardedSession(model.newSession(model.task(PENDULUM), TEAM), options);
  }

  /** Actions of some steps; every seventh observation is bad where wished. */
  private static float[] play(ActionSession session, int steps, int seed, boolean bad) {
    float[] actions = new float[steps];
    float[] action = new float[1];
    for (int step = 0; step < steps; step++) {
      double angle = seed + 0.1 * step;
      float[] observation = {(float) Math.cos(angle), (float) Math.sin(angle), (float) angle % 3};
      if (bad && step % 7 == 6) {
        observation[step % 3] = Float.NaN;
      }
      session.act(observation, -0.1f * seed, action);
      actions[step] = action[0];
    }
    return actions;
  }

  @Test
  void withoutAnyTroubleTheActionsAreTheModels() {
    float[] bare = play(model.newSession(model.task(PENDULUM), TEAM), 60, 2, false);
    assertArrayEquals(bare, play(guarded(GuardOptions.NONE), 60, 2, false));
    GuardOptions wide =
        GuardOptions.NONE
            .withLimits(List.of(ActionLimit.ofRange(-2, 2).withRate(4)))
            .withFallback(List.of(0f))
            .withBadObservation(BadObservation.last());
    GuardedSession session = guarded(wide);
    assertArrayEquals(bare, play(session, 60, 2, false));
    assertEquals(0, session.limited());
    assertEquals(0, session.held());
  }

  @Test
  void limitsAreKeptThroughBadObservations() {
    GuardOptions options =
        GuardOptions.NONE
            .withLimits(List.of(new ActionLimit(-1, 0.5f, 0.2f, 0.05f)))
            .withBadObservation(BadObservation.hold());
    GuardedSession session = guarded(options);
    float[] actions = play(session, 200, 1, true);
    for (int step = 1; step < actions.length; step++) {
      double change = (double) actions[step] - actions[step - 1];
      double before = step == 1 ? 0 : (double) actions[step - 1] - actions[step - 2];
      assertTrue(actions[step] >= -1 && actions[step] <= 0.5f);
      assertTrue(Math.abs(change) <= 0.2f + 1e-6, "step " + step);
      assertTrue(Math.abs(change - before) <= 0.05f + 1e-6, "step " + step);
    }
    assertEquals(200 / 7, session.held());
    assertTrue(session.limited() > 0);
  }

  /** Whatever happens: good and bad observations, limits, misses, the time after a stop. */
  @Test
  void aStepAllocatesNothing() {
    ActionLimit limit = new ActionLimit(-2, 2, 0.3f, 0.1f);
    GuardOptions options = GuardOptions.NONE.withLimits(List.of(limit)).withFallback(List.of(0f));
    for (BadObservation policy : List.of(BadObservation.hold(), BadObservation.last())) {
      for (boolean stopped : new boolean[] {false, true}) {
        GuardedSession session = guarded(options.withBadObservation(policy));
        session.latencyBudget(1);
        if (stopped) {
          session.stop();
        }
        assertEquals(0, allocated(session));
        assertEquals(stopped ? GuardState.STOPPED : GuardState.HELD, session.state());
        assertTrue(stopped || session.timer().missed() > 0);
      }
    }
  }

  private static long allocated(GuardedSession session) {
    float[] good = {1, 0, 0.5f};
    float[] bad = {1, Float.NaN, 0.5f};
    float[] tooShort = {1, 0};
    float[] action = new float[1];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    // what the JIT has not compiled yet may box vectors, so the smallest of many rounds counts
    for (int round = 0; round < 60 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int step = 0; step < 100; step++) {
        session.act(good, -0.1f, action);
        session.settle();
        session.act(bad, -0.1f, action);
        session.act(tooShort, -0.1f, action);
        session.actWithoutObservation(0, action);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  /**
   * Robots of one process: one's model throws, one's sensor is broken; the others do not notice.
   */
  @Test
  void aRobotsTroubleLeavesTheOthersUntouched() throws Exception {
    int robots = 4;
    int steps = 150;
    GuardOptions options =
        GuardOptions.NONE.withFallback(List.of(0f)).withBadObservation(new BadObservation.Hold(3));
    GuardedSession[] sessions = new GuardedSession[robots];
    float[][] alone = new float[robots][];
    for (int robot = 0; robot < robots; robot++) {
      alone[robot] = play(guarded(options), steps, robot, false);
      sessions[robot] = guarded(options);
    }
    ScriptedSession broken =
        new ScriptedSession(
            model.task(PENDULUM),
            step -> {
              if (step == 20) {
                throw new IllegalStateException("broken");
              }
              return new float[] {0.25f};
            });
    sessions[1] = new GuardedSession(broken, options);
    try (ExecutorService threads = Executors.newFixedThreadPool(robots)) {
      Future<?>[] actions = new Future<?>[robots];
      for (int robot = 0; robot < robots; robot++) {
        int number = robot;
        actions[robot] = threads.submit(() -> play(sessions[number], steps, number, number == 2));
      }
      assertArrayEquals(alone[0], (float[]) actions[0].get());
      assertArrayEquals(alone[3], (float[]) actions[3].get());
      float[] stopped = (float[]) actions[1].get();
      for (int step = 0; step < steps; step++) {
        assertEquals(step < 20 ? 0.25f : 0, stopped[step]);
      }
      float[] held = (float[]) actions[2].get();
      for (int step = 6; step < steps; step += 7) {
        assertEquals(held[step - 1], held[step]);
      }
    }
    assertEquals(StopCause.FAILURE, sessions[1].cause());
    assertEquals(steps / 7, sessions[2].held());
    assertEquals(GuardState.RUNNING, sessions[0].state());
    assertEquals(GuardState.RUNNING, sessions[3].state());
  }
}
