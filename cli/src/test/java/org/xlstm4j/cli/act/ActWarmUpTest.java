package org.xlstm4j.cli.act;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xlstm4j.cli.Outcome;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionModel;

@Tag("slow")
class ActWarmUpTest {
  private static final Duration TIME = Duration.ofMillis(300);

  /** Nobody's session is there before the first one is warm. */
  @Test
  void sessionsThatComeMeanwhileWait() throws Exception {
    try (ActionModel model = ActionModel.open(Outcome.pretrained("lram-control"));
        ExecutorService robots = Executors.newFixedThreadPool(3)) {
      ActSessions sessions =
          new ActSessions(model, PendulumSettings.PLAIN, Team.of(1), new ActWarmUp(TIME), false);
      long start = System.nanoTime();
      Callable<Long> robot =
          () -> {
            sessions.warmUp();
            return System.nanoTime() - start;
          };
      for (Future<Long> time : robots.invokeAll(List.of(robot, robot, robot))) {
        assertTrue(time.get() >= TIME.toNanos(), () -> time.resultNow() + " ns");
      }
    }
  }
}
