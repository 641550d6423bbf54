package org.xlstm4j.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.limits.MachineLimits;

class StepCostTest {
  private static final MachineLimits LIMITS = new MachineLimits(1, 1 << 20, 1e9, 5e8, 1e10, 4e10);

  @Test
  void readingAndUpdatingFollowEachOther() {
    StepCost cost = new StepCost("token", 2_000_000, 500_000, 1_000_000, 0);
    assertEquals(2e-3 + 1e-3, cost.seconds(LIMITS), 1e-12);
    assertEquals(StepCost.Limit.MEMORY, cost.limit(LIMITS));
  }

  @Test
  void theLongerOfMovingAndMultiplyingDecides() {
    StepCost cost = new StepCost("prompt", 2_000_000, 500_000, 512_000_000, 0);
    assertEquals(51.2e-3, cost.seconds(LIMITS), 1e-12);
    assertEquals(StepCost.Limit.ARITHMETIC, cost.limit(LIMITS));
  }

  @Test
  void integersAreMultipliedAtTheirOwnRateUnlessFloatsAreFaster() {
    StepCost cost = new StepCost("token", 0, 0, 50_000_000, 40_000_000);
    assertEquals(1e-3 + 1e-3, cost.seconds(LIMITS), 1e-12);
    MachineLimits slowIntegers = new MachineLimits(1, 1 << 20, 1e9, 5e8, 1e10, 1e9);
    assertEquals(5e-3, cost.seconds(slowIntegers), 1e-12);
  }

  @Test
  void severalStepsCostAsMuchEach() {
    StepCost cost = new StepCost("token", 1, 2, 3, 2);
    assertEquals(new StepCost("token", 7, 14, 21, 14), cost.times(7));
  }
}
