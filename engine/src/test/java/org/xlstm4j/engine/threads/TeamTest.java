package org.xlstm4j.engine.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void everyBandRunsOnceARegion(int size) {
    Team team = Team.of(size);
    AtomicIntegerArray runs = new AtomicIntegerArray(size);
    for (int i = 0; i < 2000; i++) {
      team.run((member, members) -> runs.incrementAndGet(member));
    }
    for (int member = 0; member < size; member++) {
      assertEquals(2000, runs.get(member));
    }
  }

  @Test
  void anExceptionInAHelperReachesTheCaller() {
    Team team = Team.of(2);
    assertThrows(
        ArithmeticException.class,
        () ->
            team.run(
                (member, members) -> {
                  if (member == 1) {
                    throw new ArithmeticException("band 1");
                  }
                }));
    int[] sum = new int[2];
    team.run((member, members) -> sum[member] = 1);
    assertEquals(2, sum[0] + sum[1], "the team goes on working");
  }

  @Test
  void twoCallersDoNotDisturbEachOther() throws InterruptedException {
    Team team = Team.of(2);
    int[][] counts = new int[2][2];
    Thread[] callers = new Thread[2];
    for (int caller = 0; caller < 2; caller++) {
      int[] count = counts[caller];
      callers[caller] =
          new Thread(
              () -> {
                for (int i = 0; i < 5000; i++) {
                  team.run((member, members) -> count[member]++);
                }
              });
      callers[caller].start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    for (int[] count : counts) {
      assertEquals(5000, count[0]);
      assertEquals(5000, count[1]);
    }
  }

  @Test
  void aRegionWithinARegionRunsAllItsBands() {
    Team team = Team.of(2);
    AtomicIntegerArray runs = new AtomicIntegerArray(4);
    for (int i = 0; i < 2000; i++) {
      team.run(
          (outer, outers) ->
              team.run((member, members) -> runs.incrementAndGet(2 * outer + member)));
    }
    for (int band = 0; band < 4; band++) {
      assertEquals(2000, runs.get(band));
    }
  }

  @Test
  void impossibleSizesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Team.of(0));
  }
}
