package org.xlstm4j.engine.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.threads.Team;

class ProbeRaceTest {
  /** Does nothing for a while, and claims to have done one unit of work. */
  private static final class Wait implements ProbeRace.Entrant {
    private long nanos;
    private int laps;

    Wait(long nanos) {
      this.nanos = nanos;
    }

    @Override
    public void lap(int member, int members) {
      laps++;
      long end = System.nanoTime() + nanos;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    }

    @Override
    public double lapWork() {
      return 1;
    }

    @Override
    public void trial() {
      lap(0, 1);
    }

    @Override
    public double trialWork() {
      return 100;
    }
  }

  @Test
  void theFastestLapOfAnyLoopCounts() {
    List<ProbeRace.Entrant> entrants =
        new ArrayList<>(List.of(new Wait(2_000_000), new Wait(500_000), new Wait(4_000_000)));
    ProbeRace race = new ProbeRace(Team.of(1), entrants);
    race.sampleAll();
    assertTrue(race.best() <= 1 / 500e-6 && race.best() > 1 / 2000e-6, "" + race.best());
  }

  @Test
  void theLeaderAndOneOtherRunInEverySample() {
    // so far apart that other work of the machine does not change who is the fastest
    Wait slow = new Wait(20_000_000);
    Wait fast = new Wait(50_000);
    Wait other = new Wait(20_000_000);
    ProbeRace race = new ProbeRace(Team.of(1), List.of(slow, fast, other));
    race.sampleAll();
    assertTrue(slow.laps > 0 && fast.laps > 0 && other.laps > 0);
    int before = fast.laps;
    for (int sample = 0; sample < 6; sample++) {
      race.sample();
    }
    assertTrue(fast.laps >= before + 6, "the leader is always there");
    slow.nanos = 1_000;
    race.restart();
    for (int sample = 0; sample < 3; sample++) {
      race.sample();
    }
    assertTrue(race.best() > 1 / 50e-6, "one that has become faster takes the lead");
  }

  @Test
  void slowLoopsAreNotWarm() {
    ProbeRace slow = new ProbeRace(Team.of(1), List.of(new Wait(0), new Wait(20_000)));
    assertEquals(false, slow.warmUp());
  }
}
