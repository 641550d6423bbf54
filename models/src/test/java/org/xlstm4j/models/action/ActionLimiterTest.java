package org.xlstm4j.models.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wanted, what is given keeps within the limits, and gets there. */
class ActionLimiterTest {
  /** Random walks: value, change and change of the change of every step, to a float's rounding. */
  @ParameterizedTest
  @CsvSource({
    "-1, 1, Infinity, Infinity",
    "-1, 1, 0.1, Infinity",
    "-1, 1, 0.25, 0.03",
    "-1, 1, Infinity, 0.01",
    "-3, 0.5, 0.07, 0.07",
    "-Infinity, Infinity, 0.2, 0.15",
    "-Infinity, 2, Infinity, 0.4"
  })
  void allLimitsAreKeptTogether(float lowest, float highest, float rate, float jerk) {
    ActionLimiter limiter =
        new ActionLimiter(List.of(new ActionLimit(lowest, highest, rate, jerk)));
    Random random = new Random(7);
    float[] wanted = new float[1];
    float[] action = new float[1];
    double before = 0;
    double change = 0;
    int reached = 0;
    for (int step = 0; step < 20_000; step++) {
      if (step % (1 + random.nextInt(40)) == 0) {
        wanted[0] = 8 * random.nextFloat() - 4;
      }
      boolean all = limiter.lead(wanted, action);
      assertEquals(all, action[0] == wanted[0]);
      reached += all ? 1 : 0;
      assertTrue(action[0] >= lowest && action[0] <= highest, "value " + action[0]);
      if (step > 0) {
        double now = action[0] - before;
        assertTrue(Math.abs(now) <= rate, "step " + step + " changes by " + now);
        assertTrue(Math.abs(now - change) <= jerk + 2e-6, "from change " + change + " to " + now);
        change = now;
      }
      before = action[0];
    }
    assertTrue(reached > 0);
  }

  /** No swinging: it comes to what is wanted from one side and stays. */
  @Test
  void arrivesWithoutSwinging() {
    ActionLimit limit = ActionLimit.ofRange(-20, 20).withRate(2.5f).withJerk(1);
    ActionLimiter limiter = new ActionLimiter(List.of(limit));
    float[] action = {0};
    limiter.rest(action);
    float before = 0;
    int steps = 0;
    for (; action[0] != 10; steps++) {
      limiter.lead(new float[] {10}, action);
      assertTrue(action[0] > before && action[0] <= 10, "from " + before + " to " + action[0]);
      before = action[0];
      assertTrue(steps < 12);
    }
    assertTrue(limiter.lead(new float[] {10}, action));
    assertEquals(10, action[0]);
  }

  @Test
  void aBoundIsNotPassedHoweverFastItIsApproached() {
    ActionLimit limit = ActionLimit.ofRange(0, 10).withJerk(1);
    ActionLimiter limiter = new ActionLimiter(List.of(limit));
    float[] action = {0};
    limiter.rest(action);
    double change = 0;
    for (int step = 0; step < 20; step++) {
      float before = action[0];
      assertFalse(limiter.lead(new float[] {1000}, action));
      assertTrue(action[0] <= 10);
      assertTrue(Math.abs(action[0] - before - change) <= 1 + 1e-5);
      change = (double) action[0] - before;
    }
    assertEquals(10, action[0]);
  }

  /** At 1e6 floats are 0.0625 apart. */
  @ParameterizedTest
  @CsvSource({"0.1, Infinity", "0.04, Infinity", "0.001, Infinity", "Infinity, 0.0002"})
  void largeValuesMoveAsFastAsFloatsPermit(float rate, float jerk) {
    double apart = 0.0625;
    ActionLimiter limiter =
        new ActionLimiter(List.of(ActionLimit.NONE.withRate(rate).withJerk(jerk)));
    float[] action = {1e6f};
    limiter.rest(action);
    for (float target : new float[] {1e6f + 1, 1e6f - 1}) {
      int steps = 0;
      double from = action[0];
      double way = Math.abs(target - from);
      while (action[0] != target) {
        double before = action[0];
        limiter.lead(new float[] {target}, action);
        steps++;
        double change = (action[0] - before) * Math.signum(target - from);
        assertTrue(change >= 0 && change <= Math.max(rate, apart), "changes by " + change);
        assertTrue(steps < 3000);
      }
      assertTrue(steps >= Math.floor(way / rate), way + " in " + steps);
      assertTrue(Float.isInfinite(jerk) || steps > 140, way + " in " + steps);
      assertTrue(limiter.lead(new float[] {target}, action));
    }
  }

  @Test
  void boundsOfEitherZeroAreTheSame() {
    ActionLimit none = new ActionLimit(0f, -0f, 1, 1);
    ActionLimiter limiter = new ActionLimiter(List.of(none));
    float[] action = new float[1];
    limiter.lead(new float[] {-3}, action);
    limiter.lead(new float[] {3}, action);
    assertEquals(0, Float.floatToRawIntBits(action[0]));
    assertEquals(none, new ActionLimit(-0f, 0f, 1, 1));
  }

  @Test
  void withoutLimitsActionsAreTheSameBits() {
    float[] wanted = {-0.0f, 1e30f, 0.1f};
    float[] action = new float[3];
    assertTrue(new ActionLimiter(List.of()).lead(wanted, action));
    assertArrayEquals(wanted, action);
    ActionLimiter wide =
        new ActionLimiter(List.of(ActionLimit.NONE, ActionLimit.NONE, ActionLimit.NONE));
    wide.lead(new float[3], action);
    assertTrue(wide.lead(wanted, action));
    assertArrayEquals(wanted, action);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1, 1",
    "NaN, 0, 1, 1",
    "0, NaN, 1, 1",
    "0, 1, 0, 1",
    "0, 1, -1, 1",
    "0, 1, NaN, 1",
    "0, 1, 1, 0",
    "0, 1, 1, NaN",
    "Infinity, Infinity, 1, 1"
  })
  void impossibleLimitsAreRefused(float lowest, float highest, float rate, float jerk) {
    assertThrows(
        IllegalArgumentException.class, () -> new ActionLimit(lowest, highest, rate, jerk));
  }
}
