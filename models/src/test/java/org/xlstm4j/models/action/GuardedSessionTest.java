package org.xlstm4j.models.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Bad observations, missed deadlines, failures and stops, on scripts in place of a model. */
class GuardedSessionTest {
  private static final float[] GOOD = {1, 2};
  private static final float[] NAN = {1, Float.NaN};
  private static final float[] SHORT = {1};

  private final float[] action = new float[1];

  private static GuardOptions with(BadObservation policy) {
    return GuardOptions.NONE.withBadObservation(policy);
  }

  private static ScriptedSession counting() {
    return ScriptedSession.of(step -> new float[] {step + 1});
  }

  private float act(GuardedSession session, float[] observation) {
    session.act(observation, 0, action);
    assertArrayEquals(action, session.action());
    return action[0];
  }

  @Test
  void rejectsAsASessionWithoutAGuard() {
    ScriptedSession inner = counting();
    GuardedSession session = new GuardedSession(inner, GuardOptions.NONE);
    assertEquals(GuardState.IDLE, session.state());
    assertThrows(IllegalArgumentException.class, () -> act(session, NAN));
    assertEquals(GuardState.IDLE, session.state());
    assertEquals(1, act(session, GOOD));
    assertThrows(IllegalArgumentException.class, () -> act(session, SHORT));
    assertThrows(IllegalArgumentException.class, () -> session.actWithoutObservation(0, action));
    assertEquals(GuardState.RUNNING, session.state());
    assertEquals(2, act(session, GOOD));
    assertEquals(0, session.held());
    assertEquals(2, session.timer().steps());
    assertThrows(IllegalArgumentException.class, () -> session.act(GOOD, 0, new float[2]));
  }

  @Test
  void holdRepeatsTheLastActionAndTheModelSeesTheRewards() {
    ScriptedSession inner = counting();
    GuardedSession session = new GuardedSession(inner, with(BadObservation.hold()));
    assertThrows(IllegalArgumentException.class, () -> act(session, NAN));
    assertEquals(GuardState.IDLE, session.state());
    assertEquals(1, act(session, GOOD));
    session.act(NAN, 5, action);
    assertEquals(1, action[0]);
    assertEquals(GuardState.HELD, session.state());
    session.act(SHORT, 6, action);
    session.act(new float[] {1e20f, 0}, 1000, action);
    session.act(GOOD, Float.NaN, action);
    session.actWithoutObservation(7, action);
    assertEquals(1, action[0]);
    assertEquals(5, session.held());
    assertEquals(1, session.steps());
    session.act(GOOD, 8, action);
    assertEquals(2, action[0]);
    assertEquals(GuardState.RUNNING, session.state());
    assertEquals(100 - 5 - 6 - 7 - 8, session.returnToGo());
    assertEquals(7, session.timer().steps());
  }

  @Test
  void lastGivesTheModelItsLastGoodObservation() {
    ScriptedSession inner = counting();
    GuardedSession session = new GuardedSession(inner, with(BadObservation.last()));
    assertThrows(IllegalArgumentException.class, () -> act(session, SHORT));
    float[] observation = {3, 4};
    assertEquals(1, act(session, observation));
    observation[0] = Float.NEGATIVE_INFINITY;
    session.act(observation, 2, action);
    assertEquals(2, action[0]);
    assertArrayEquals(new float[] {3, 4}, inner.observed);
    assertEquals(GuardState.HELD, session.state());
    assertEquals(98, session.returnToGo());
    assertEquals(2, session.steps());
    assertEquals(3, act(session, GOOD));
    assertArrayEquals(GOOD, inner.observed);
    session.reset();
    assertThrows(IllegalArgumentException.class, () -> act(session, NAN), "of another episode");
  }

  @Test
  void theFallbackStandsInBeforeTheFirstAction() {
    GuardOptions options = with(BadObservation.last()).withFallback(List.of(-9f));
    GuardedSession session = new GuardedSession(counting(), options);
    assertEquals(-9, act(session, NAN));
    assertEquals(GuardState.HELD, session.state());
    assertEquals(-9, act(session, NAN));
    assertEquals(1, act(session, GOOD));
    assertEquals(GuardState.RUNNING, session.state());
  }

  @Test
  void tooManyBadObservationsInARowStop() {
    GuardOptions options = with(new BadObservation.Hold(2)).withFallback(List.of(0f));
    GuardedSession session = new GuardedSession(counting(), options);
    act(session, GOOD);
    act(session, NAN);
    act(session, NAN);
    assertEquals(2, act(session, GOOD));
    assertEquals(2, act(session, NAN));
    assertEquals(2, act(session, NAN));
    assertNull(session.cause());
    assertEquals(0, act(session, NAN));
    assertEquals(GuardState.STOPPED, session.state());
    assertEquals(StopCause.OBSERVATIONS, session.cause());
    assertEquals(0, act(session, GOOD), "until a reset");
    session.reset();
    assertEquals(GuardState.IDLE, session.state());
    assertNull(session.cause());
    assertEquals(1, act(session, GOOD));
  }

  @Test
  void aFailureStopsAndTheRobotGetsTheFallback() {
    ScriptedSession inner =
        ScriptedSession.of(
            step -> {
              if (step == 1) {
                throw new AssertionError("broken");
              }
              return new float[] {step + 1};
            });
    GuardedSession session =
        new GuardedSession(inner, GuardOptions.NONE.withFallback(List.of(-1f)));
    assertEquals(1, act(session, GOOD));
    assertEquals(-1, act(session, GOOD));
    assertEquals(StopCause.FAILURE, session.cause());
    assertInstanceOf(AssertionError.class, session.failure());
    assertEquals(-1, act(session, NAN));
    session.settle();
    GuardedSession bare = new GuardedSession(inner, GuardOptions.NONE);
    bare.reset();
    act(bare, GOOD);
    for (int i = 0; i < 2; i++) {
      IllegalStateException stopped =
          assertThrows(IllegalStateException.class, () -> act(bare, GOOD));
      assertInstanceOf(AssertionError.class, stopped.getCause());
      assertTrue(String.valueOf(stopped.getMessage()).contains("broken"));
      assertEquals(GuardState.STOPPED, bare.state());
    }
  }

  @Test
  void anActionThatIsNotFiniteIsAFailure() {
    GuardedSession session =
        new GuardedSession(
            ScriptedSession.of(step -> new float[] {step == 0 ? 1 : Float.NaN}),
            GuardOptions.NONE.withFallback(List.of(3f)));
    assertEquals(1, act(session, GOOD));
    assertEquals(3, act(session, GOOD));
    assertEquals(StopCause.FAILURE, session.cause());
  }

  /** By a clock of the test's: a step begins and ends when it says. */
  @Test
  void missedDeadlinesAreCountedAndStopIfSoManyComeInARow() {
    AtomicLong time = new AtomicLong();
    long[] durations = {5, 11, 11, 5, 11, 11, 11, 5};
    AtomicLong calls = new AtomicLong();
    GuardOptions options = GuardOptions.NONE.withFallback(List.of(0f)).withMostMissed(3);
    GuardedSession session =
        new GuardedSession(
            counting(),
            options,
            () -> {
              int call = (int) calls.getAndIncrement();
              return call % 2 == 0 ? time.addAndGet(100) : time.addAndGet(durations[call / 2]);
            });
    session.latencyBudget(10);
    float[] expected = {1, 2, 3, 4, 5, 6, 0, 0};
    int[] inARow = {0, 1, 2, 0, 1, 2, 3, 3};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(durations[i] <= 10, session.act(GOOD, 0, action));
      assertEquals(expected[i], action[0]);
      assertEquals(inARow[i], session.missedInARow());
    }
    assertEquals(StopCause.DEADLINES, session.cause());
    assertEquals(5, session.timer().missed());
    session.reset();
    assertEquals(0, session.missedInARow());
  }

  @Test
  void lateObservationsAreMissedDeadlinesToo() {
    AtomicLong time = new AtomicLong();
    GuardOptions options = GuardOptions.NONE.withFallback(List.of(0f)).withMostMissed(2);
    GuardedSession session = new GuardedSession(counting(), options, time::get);
    session.period(100);
    assertEquals(1, act(session, GOOD));
    time.addAndGet(149);
    assertEquals(2, act(session, GOOD));
    time.addAndGet(151);
    assertEquals(3, act(session, GOOD));
    assertEquals(1, session.missedInARow());
    time.addAndGet(151);
    assertEquals(0, act(session, GOOD));
    assertEquals(GuardState.STOPPED, session.state());
  }

  @Test
  void limitsHoldForHeldActionsAndTheFallbackToo() {
    ActionLimit limit = ActionLimit.ofRange(-10, 10).withRate(2).withJerk(1);
    GuardOptions options =
        with(BadObservation.hold()).withLimits(List.of(limit)).withFallback(List.of(0f));
    GuardedSession session =
        new GuardedSession(ScriptedSession.of(step -> new float[] {8}), options);
    session.startFrom(0);
    assertEquals(1, act(session, GOOD));
    assertEquals(3, act(session, GOOD));
    assertEquals(4, act(session, NAN), "comes to rest as the jerk permits");
    assertEquals(4, act(session, NAN));
    assertEquals(5, act(session, GOOD));
    session.stop();
    assertEquals(StopCause.CALLER, session.cause());
    double change = 1;
    float before = 5;
    for (int step = 0; step < 6; step++) {
      float now = act(session, GOOD);
      assertTrue(Math.abs(now - before - change) <= 1 + 1e-6, "step " + step + " to " + now);
      assertTrue(now <= before);
      change = (double) now - before;
      before = now;
    }
    assertEquals(0, before, "the fallback is reached");
    session.reset();
    assertEquals(1, act(session, GOOD), "limits go on over episodes");
  }

  @Test
  void aRewardBeyondTheModelsDoesNotKeepItFromLaterObservations() {
    for (BadObservation policy : List.of(new BadObservation.Hold(2), new BadObservation.Last(2))) {
      GuardedSession session =
          new GuardedSession(counting(), with(policy).withFallback(List.of(0f)));
      act(session, GOOD);
      session.act(NAN, 1e20f, action);
      assertEquals(1, action[0], "held, not even Last has the model act");
      assertEquals(GuardState.HELD, session.state());
      session.act(GOOD, 3, action);
      assertEquals(2, action[0]);
      assertEquals(GuardState.RUNNING, session.state());
      assertEquals(97, session.returnToGo(), "the sum is dropped, the step's own reward is not");
      session.act(NAN, 1e20f, action);
      session.act(NAN, 4, action);
      assertEquals(policy instanceof BadObservation.Last ? 3 : 2, action[0]);
      assertEquals(GuardState.HELD, session.state());
      session.act(GOOD, 5, action);
      assertEquals(GuardState.RUNNING, session.state());
      session.act(NAN, 1e20f, action);
      session.act(NAN, 1e20f, action);
      session.act(NAN, 1e20f, action);
      assertEquals(StopCause.OBSERVATIONS, session.cause(), "N in a row, and not sooner");
    }
  }

  @Test
  void aRecordedStepIsWatchedOver() {
    ActionEpisode episode =
        new ActionEpisode(4, new float[8], null, new float[4], new float[4], null);
    AtomicLong time = new AtomicLong();
    ScriptedSession inner =
        ScriptedSession.of(
            step -> {
              time.addAndGet(step == 1 ? 20 : 5);
              return new float[] {step == 2 ? Float.NaN : step + 1};
            });
    GuardOptions options = GuardOptions.NONE.withFallback(List.of(-1f));
    GuardedSession session = new GuardedSession(inner, options.withMostMissed(1), time::get);
    session.latencyBudget(10);
    session.act(episode, 0);
    assertEquals(1, session.action()[0]);
    assertEquals(GuardState.RUNNING, session.state());
    session.act(episode, 1);
    assertEquals(-1, session.action()[0]);
    assertEquals(StopCause.DEADLINES, session.cause());
    session.act(episode, 3);
    assertEquals(-1, session.action()[0], "until a reset");
    assertEquals(2, session.steps());
    session.reset();
    session.act(episode, 2);
    assertEquals(-1, session.action()[0]);
    assertEquals(StopCause.FAILURE, session.cause());
    GuardedSession bare = new GuardedSession(inner, GuardOptions.NONE);
    assertThrows(IllegalStateException.class, () -> bare.act(episode, 2));
  }

  @Test
  void missesInARowNeverReachTheNumberThatOnlyCounts() {
    assertEquals(1, GuardedSession.oneMore(0));
    assertEquals(Integer.MAX_VALUE - 1, GuardedSession.oneMore(Integer.MAX_VALUE - 2));
    assertEquals(Integer.MAX_VALUE - 1, GuardedSession.oneMore(Integer.MAX_VALUE - 1));
  }

  @Test
  void anotherSessionContinuesFromTheLastAction() {
    ActionLimit limit = ActionLimit.ofRange(-10, 10).withRate(2).withJerk(1);
    GuardOptions options = GuardOptions.NONE.withLimits(List.of(limit));
    GuardedSession first = new GuardedSession(ScriptedSession.of(_ -> new float[] {8}), options);
    GuardedSession second = new GuardedSession(ScriptedSession.of(_ -> new float[] {-8}), options);
    second.continueFrom(first);
    assertEquals(-8, act(second, GOOD), "the first gave no action yet");
    first.startFrom(0);
    act(first, GOOD);
    assertEquals(3, act(first, GOOD));
    second.continueFrom(first);
    assertEquals(4, act(second, GOOD), "it was moving up by 2, and jerk permits 1 up");
    assertEquals(4, act(second, GOOD));
    first.continueFrom(second);
    assertEquals(5, act(first, GOOD));
    GuardedSession discrete =
        new GuardedSession(
            new ScriptedSession(
                new ActionTask(2, 1, true, 1, 0, 1, false, List.of()), _ -> new float[] {7}),
            GuardOptions.NONE);
    act(discrete, GOOD);
    first.continueFrom(discrete);
    assertEquals(7, act(first, GOOD), "as if the discrete action had not been");
    assertThrows(IllegalArgumentException.class, () -> discrete.startFrom(0));
    GuardedSession narrow =
        new GuardedSession(
            ScriptedSession.of(_ -> new float[] {8}),
            GuardOptions.NONE.withLimits(List.of(ActionLimit.ofRange(-1, 1).withRate(0.5f))));
    narrow.continueFrom(first);
    assertEquals(1, act(narrow, GOOD), "beyond its bound before");
  }

  @Test
  void aWarmUpLeavesNothingBehind() {
    GuardedSession session =
        new GuardedSession(counting(), GuardOptions.NONE.withFallback(List.of(0f)));
    act(session, GOOD);
    session.stop();
    session.warmUp(Duration.ZERO);
    assertEquals(GuardState.IDLE, session.state());
    assertEquals(0, session.timer().steps());
    assertFalse(session.lockPages());
  }

  @Test
  void optionsThatDoNotFitTheTaskAreRefused() {
    List<ActionLimit> two = List.of(ActionLimit.NONE, ActionLimit.NONE);
    ScriptedSession discrete =
        new ScriptedSession(
            new ActionTask(2, 1, true, 1, 0, 1, false, List.of()), step -> new float[1]);
    List<GuardOptions> unfit =
        List.of(GuardOptions.NONE.withLimits(two), GuardOptions.NONE.withFallback(List.of(0f, 0f)));
    for (GuardOptions options : unfit) {
      assertThrows(IllegalArgumentException.class, () -> new GuardedSession(counting(), options));
    }
    GuardOptions limited = GuardOptions.NONE.withLimits(List.of(ActionLimit.ofRange(0, 1)));
    GuardOptions half = GuardOptions.NONE.withFallback(List.of(0.5f));
    assertThrows(IllegalArgumentException.class, () -> new GuardedSession(discrete, limited));
    assertThrows(IllegalArgumentException.class, () -> new GuardedSession(discrete, half));
    assertThrows(IllegalArgumentException.class, () -> limited.withFallback(List.of(2f)));
    assertThrows(
        IllegalArgumentException.class, () -> GuardOptions.NONE.withFallback(List.of(Float.NaN)));
    assertThrows(IllegalArgumentException.class, () -> GuardOptions.NONE.withMostMissed(0));
    assertThrows(IllegalArgumentException.class, () -> new BadObservation.Hold(0));
    GuardedSession session = new GuardedSession(counting(), limited);
    assertThrows(IllegalArgumentException.class, () -> session.startFrom(2));
    assertThrows(IllegalArgumentException.class, () -> session.startFrom(Float.NaN));
    assertThrows(IllegalArgumentException.class, () -> session.startFrom(0, 0));
  }
}
