package example.control;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionLimit;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.BadObservation;
import org.xlstm4j.models.action.GuardOptions;
import org.xlstm4j.models.action.GuardState;
import org.xlstm4j.models.action.GuardedSession;

/**
 * Drives a robot at a fixed rate. Each step has a deadline; whatever goes wrong, the motor gets a
 * torque within its limits.
 */
final class ControlLoop {
  private static final Duration PERIOD = Duration.ofMillis(20);

  private final GuardedSession session;
  private final float[] observation;
  private final float[] action;

  ControlLoop(ActionModel model, LongSupplier clock) {
    ActionTask task = model.task("Pendulum-v1");
    GuardOptions options =
        GuardOptions.NONE
            .withLimits(List.of(ActionLimit.ofRange(-2, 2)))
            .withFallback(List.of(0f))
            .withBadObservation(new BadObservation.Hold(5))
            .withMostMissed(3);
    session = new GuardedSession(model.newSession(task, Team.of(1)), options, clock);
    session.period(PERIOD.toNanos());
    session.latencyBudget(PERIOD.toNanos() / 2);
    observation = new float[task.observationWidth()];
    action = new float[task.actionWidth()];
  }

  void warmUp(Duration time) {
    session.warmUp(time);
  }

  GuardedSession session() {
    return session;
  }

  /** One step; the reward. */
  float step(Pendulum robot, float lastReward) {
    robot.observe(observation);
    session.act(observation, lastReward, action);
    float reward = robot.perform(action[0]);
    // what is known already goes through the network in the idle time
    session.settle();
    return reward;
  }

  /** An episode in real time; what it brought, up to the step after which the guard stopped it. */
  double run(Pendulum robot, int steps) {
    session.reset();
    double sum = 0;
    float reward = 0;
    long next = System.nanoTime();
    for (int i = 0; i < steps && session.state() != GuardState.STOPPED; i++) {
      reward = step(robot, reward);
      sum += reward;
      next += PERIOD.toNanos();
      long rest = next - System.nanoTime();
      if (rest > 0) {
        LockSupport.parkNanos(rest);
      }
    }
    return sum;
  }

  public static void main(String[] arguments) throws IOException {
    try (ActionModel model = ActionModel.open(Path.of(arguments[0]))) {
      model.prefault();
      ControlLoop loop = new ControlLoop(model, System::nanoTime);
      loop.warmUp(Duration.ofSeconds(2));
      double sum = loop.run(new Pendulum(Math.PI, 0), 200);
      GuardedSession session = loop.session();
      System.out.printf(
          "state %s, return %.1f, steps %d, missed %d%n",
          session.state(), sum, session.timer().steps(), session.timer().missed());
      if (session.state() == GuardState.STOPPED) {
        System.out.println("stopped: " + session.cause());
      }
    }
  }
}
