package org.xlstm4j.engine.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.threads.Team;

@Tag("slow")
class MachineLimitsTest {
  private static double[] rates(MachineLimits limits) {
    return new double[] {
      limits.readRate(),
      limits.updateRate(),
      limits.multiplyAddRate(),
      limits.integerMultiplyAddRate()
    };
  }

  @Test
  void ratesAreThoseOfAMachine() {
    for (int threads = 1; threads <= 2; threads++) {
      MachineLimits limits = MachineLimits.measure(Team.of(threads), 3_000_000);
      assertEquals(threads, limits.threads());
      assertTrue(limits.workingSet() <= 3_000_000 && limits.workingSet() > 2_950_000);
      for (double rate : rates(limits)) {
        assertTrue(rate > 1e8 && rate < 1e14, limits.toString());
      }
    }
  }

  @Test
  void samplesOnlyRaiseTheLimitsUntilTheyAreForgotten() {
    try (LimitProbe probe = new LimitProbe(Team.of(1), 2_000_000)) {
      double[] first = rates(probe.limits());
      probe.sample();
      double[] second = rates(probe.limits());
      for (int i = 0; i < first.length; i++) {
        assertTrue(second[i] >= first[i]);
      }
      probe.restart();
      for (double rate : rates(probe.limits())) {
        assertEquals(0, rate);
      }
      probe.sample();
      for (double rate : rates(probe.limits())) {
        assertTrue(rate > 1e8);
      }
    }
  }
}
