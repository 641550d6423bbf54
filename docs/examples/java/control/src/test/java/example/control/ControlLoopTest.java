package example.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.GuardState;
import org.xlstm4j.models.action.StopCause;

/** The loop on a clock of its own, so that a busy machine misses no deadline. */
class ControlLoopTest {
  private static ActionModel model;

  private final AtomicLong now = new AtomicLong();
  private final ControlLoop loop = new ControlLoop(model, now::get);

  @BeforeAll
  static void open() throws IOException {
    model = ActionModel.open(Path.of(System.getProperty("models"), "lram-control"));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void swingsThePendulumUp() {
    Pendulum robot = new Pendulum(Math.PI, 0);
    float reward = 0;
    for (int i = 0; i < 200; i++) {
      reward = loop.step(robot, reward);
      now.addAndGet(20_000_000);
    }
    assertEquals(GuardState.RUNNING, loop.session().state());
    assertTrue(reward > -0.01, "upright and at rest, but the last reward is " + reward);
  }

  @Test
  void missedDeadlinesLeadToTheFallback() {
    Pendulum robot = new Pendulum(Math.PI, 0);
    for (int i = 0; i < 5; i++) {
      loop.step(robot, 0);
      now.addAndGet(60_000_000);
    }
    assertEquals(GuardState.STOPPED, loop.session().state());
    assertEquals(StopCause.DEADLINES, loop.session().cause());
    assertEquals(0, loop.session().action()[0]);
  }

  @Test
  void aBrokenSensorHoldsTheActionAndThenStops() {
    Pendulum robot = new Pendulum(3, 0);
    loop.step(robot, 0);
    float held = loop.session().action()[0];
    Pendulum broken = new Pendulum(Double.NaN, 0);
    loop.step(broken, 0);
    assertEquals(GuardState.HELD, loop.session().state());
    assertEquals(held, loop.session().action()[0]);
    for (int i = 0; i < 5; i++) {
      loop.step(broken, 0);
    }
    assertEquals(GuardState.STOPPED, loop.session().state());
    assertEquals(0, loop.session().action()[0]);
  }
}
