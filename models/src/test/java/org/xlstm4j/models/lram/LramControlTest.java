package org.xlstm4j.models.lram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.models.action.ActionEpisode;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionOutputs;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.testing.Golden;

/** The trained model and the session a control loop uses. */
@Tag("slow")
class LramControlTest {
  private static final Team TEAM = Team.of(1);
  private static final String PENDULUM = "Pendulum-v1";

  @SuppressWarnings("NullAway.Init")
  private static LramModel model;

  @BeforeAll
  static void open() throws IOException {
    Golden.useFastKernels();
    model = (LramModel) ActionModel.open(Golden.pretrained("lram-control"));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /**
   * Sixty steps on the reference's observations and returns: the logits; where the two best differ
   * by more than rounding, the actions.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CartPole-v1",
        "Acrobot-v1",
        "MountainCarContinuous-v0",
        "Pendulum-v1",
        "InvertedPendulum-v5",
        "Reacher-v5"
      })
  void logitsAndActionsEqualTheReference(String name) throws IOException {
    ActionTask task = model.task(name);
    try (Checkpoint reference =
        Checkpoint.open(Golden.pretrained("lram-control").resolve("reference.safetensors"))) {
      float[] returns = reference.get(name + ".rtg").toFloats();
      float[] rewards = reference.get(name + ".rewards").toFloats();
      float[] actions = reference.get(name + ".actions").toFloats();
      float[] logits = reference.get(name + ".logits").toFloats();
      int steps = returns.length;
      float[] scaled = new float[steps];
      for (int i = 0; i < steps; i++) {
        scaled[i] = rewards[i] / task.rewardScale();
      }
      ActionEpisode episode =
          new ActionEpisode(
              steps, reference.get(name + ".obs").toFloats(), null, returns, scaled, null);
      ActionOutputs outputs = model.replay(episode, task, ActionMode.ZERO, 1, TEAM);
      LramCases.assertClose("logits", logits, outputs.logits(), 1e-4);
      int choices = outputs.choices();
      int compared = 0;
      for (int i = 0; i < outputs.actions().length; i++) {
        int count = task.discrete() ? model.config().discreteActions() : choices;
        float[] sorted = Arrays.copyOfRange(logits, i * choices, i * choices + count);
        Arrays.sort(sorted);
        if (sorted[count - 1] - sorted[count - 2] > 1e-3) {
          assertEquals(actions[i] * task.actionScale(), outputs.actions()[i], 1e-6, "action " + i);
          compared++;
        }
      }
      assertTrue(compared > 40);
      returnsFollowFromRewards(reference, name, task);
    }
  }

  /** The loop computes the same returns-to-go from the rewards as the reference did. */
  private static void returnsFollowFromRewards(Checkpoint reference, String name, ActionTask task)
      throws IOException {
    float[] returns = reference.get(name + ".rtg").toFloats();
    float[] rewards = reference.get(name + ".rewards").toFloats();
    float[] observations = reference.get(name + ".obs").toFloats();
    float[] actions = reference.get(name + ".actions").toFloats();
    ActionSession session = model.newSession(task, TEAM);
    float[] action = new float[task.actionWidth()];
    int width = task.observationWidth();
    for (int step = 0; step < returns.length; step++) {
      float[] observation = Arrays.copyOfRange(observations, step * width, (step + 1) * width);
      session.act(observation, step == 0 ? 0 : rewards[step - 1], action);
      assertEquals(returns[step], session.returnToGo() / task.rewardScale(), 1e-4);
      assertEquals(actions[step * action.length] * task.actionScale(), action[0], 1e-6);
    }
    assertEquals(returns.length, session.steps());
  }

  @ParameterizedTest
  @EnumSource(ActionMode.class)
  void aStepAllocatesNothing(ActionMode mode) {
    ActionTask task = model.task(PENDULUM);
    ActionSession session = model.newSession(task, mode, TEAM);
    float[] observation = {1, 0, 0.5f};
    float[] action = new float[1];
    int steps = mode == ActionMode.WINDOWED ? 3 : 200;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    // what the JIT has not compiled yet may box vectors, so the smallest of many rounds counts
    for (int round = 0; round < 60 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int step = 0; step < steps; step++) {
        session.act(observation, -0.1f, action);
        session.settle();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }

  @Test
  void aRefusedObservationLeavesTheSessionAsItWas() {
    ActionTask task = model.task("Reacher-v5");
    ActionSession disturbed = model.newSession(task, TEAM);
    ActionSession calm = model.newSession(task, TEAM);
    float[] action = new float[2];
    float[] expected = new float[2];
    float[] observation = new float[10];
    for (int step = 0; step < 20; step++) {
      observation[step % 10] += 0.1f;
      float[] damaged = observation.clone();
      damaged[3] = Float.NaN;
      assertRefused("observation[3] is NaN", () -> disturbed.act(damaged, 0, action));
      damaged[3] = Float.POSITIVE_INFINITY;
      assertRefused("observation[3] is Infinity", () -> disturbed.act(damaged, 0, action));
      damaged[3] = Float.MAX_VALUE;
      assertRefused("observation[3] is 3.4", () -> disturbed.act(damaged, 0, action));
      assertRefused("9 numbers, expected 10", () -> disturbed.act(new float[9], 0, action));
      assertRefused("12 bytes", () -> disturbed.act(new byte[12], 0, action));
      assertRefused("room for 3", () -> disturbed.act(observation, 0, new float[3]));
      if (step > 0) {
        assertRefused("reward of NaN", () -> disturbed.act(observation, Float.NaN, action));
      }
      disturbed.act(observation, -0.2f, action);
      calm.act(observation, -0.2f, expected);
      assertArrayEquals(expected, action);
      // compiled sums add in another order than interpreted ones, so not the last bit
      LramCases.assertClose("logits", calm.logits(), disturbed.logits(), 1e-4);
    }
    assertEquals(calm.steps(), disturbed.steps());
    assertEquals(calm.returnToGo(), disturbed.returnToGo());
  }

  private static void assertRefused(
      String message, org.junit.jupiter.api.function.Executable call) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call);
    assertTrue(String.valueOf(refused.getMessage()).contains(message), refused.getMessage());
  }

  @Test
  void resetStartsAfresh() {
    ActionSession session = model.newSession(model.task(PENDULUM), TEAM);
    float[] first = play(session, 30, 1);
    session.reset();
    assertArrayEquals(first, play(session, 30, 1));
    session.reset(-1000);
    assertEquals(0, session.steps());
    session.act(new float[] {1, 0, 0}, 5, new float[1]);
    assertEquals(-1000, session.returnToGo(), 1e-9);
    assertThrows(IllegalArgumentException.class, () -> session.reset(Double.NaN));
  }

  @Test
  void severalRobotsShareAModel() throws Exception {
    float[][] alone = new float[4][];
    for (int robot = 0; robot < alone.length; robot++) {
      alone[robot] = play(model.newSession(model.task(PENDULUM), TEAM), 100, robot);
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(alone.length)) {
      Future<?>[] futures = new Future<?>[alone.length];
      for (int robot = 0; robot < alone.length; robot++) {
        int seed = robot;
        ActionSession session = model.newSession(model.task(PENDULUM), Team.of(2));
        futures[robot] = threads.submit(() -> play(session, 100, seed));
      }
      for (int robot = 0; robot < alone.length; robot++) {
        assertArrayEquals(alone[robot], (float[]) futures[robot].get());
      }
    }
  }

  @Test
  void missedBudgetsAndLateObservationsAreCounted() throws InterruptedException {
    ActionSession session = model.newSession(model.task(PENDULUM), TEAM);
    session.latencyBudget(1);
    session.period(1_000_000);
    play(session, 3, 0);
    assertEquals(3, session.timer().steps());
    assertEquals(3, session.timer().missed());
    assertTrue(session.timer().worstNanoseconds() >= session.timer().lastNanoseconds());
    long late = session.timer().late();
    Thread.sleep(5);
    session.act(new float[] {1, 0, 0}, 0, new float[1]);
    assertEquals(late + 1, session.timer().late());
    session.latencyBudget(Long.MAX_VALUE);
    play(session, 3, 0);
    assertEquals(4, session.timer().missed());
    assertThrows(IllegalArgumentException.class, () -> session.latencyBudget(0));
  }

  @Test
  void warmUpChangesNothing() {
    ActionSession session = model.newSession(model.task(PENDULUM), TEAM);
    float[] first = play(session, 10, 3);
    session.reset();
    model.prefault();
    session.warmUp(Duration.ofMillis(50));
    assertEquals(0, session.steps());
    assertEquals(0, session.timer().steps());
    assertArrayEquals(first, play(session, 10, 3));
  }

  /** Actions of some steps on made-up observations. */
  private static float[] play(ActionSession session, int steps, int seed) {
    float[] actions = new float[steps];
    float[] action = new float[1];
    for (int step = 0; step < steps; step++) {
      double angle = seed + 0.1 * step;
      float[] observation = {(float) Math.cos(angle), (float) Math.sin(angle), (float) angle % 3};
      session.act(observation, -0.1f * seed, action);
      actions[step] = action[0];
    }
    return actions;
  }
}
