package org.xlstm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MachineLimitsTest {
  @Test
  void ratesAreThoseOfAMachine() {
    for (int threads = 1; threads <= 2; threads++) {
      MachineLimits limits = MachineLimits.measure(Team.of(threads), 3_000_000);
      assertEquals(threads, limits.threads());
      assertTrue(limits.workingSet() <= 3_000_000 && limits.workingSet() > 2_990_000);
      for (double rate :
          new double[] {limits.readRate(), limits.updateRate(), limits.multiplyAddRate()}) {
        assertTrue(rate > 1e7 && rate < 1e14, limits.toString());
      }
    }
  }
}
