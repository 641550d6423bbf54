package example.control;

/** Stands for the robot: a pendulum that a motor swings up, Gymnasium's Pendulum-v1. */
final class Pendulum {
  private static final double SECONDS = 0.05;
  private static final double GRAVITY = 10;

  /** 0 is upright. */
  private double angle;

  private double speed;

  Pendulum(double angle, double speed) {
    this.angle = angle;
    this.speed = speed;
  }

  /** What the sensors see: cosine and sine of the angle, and the angular speed. */
  void observe(float[] observation) {
    observation[0] = (float) Math.cos(angle);
    observation[1] = (float) Math.sin(angle);
    observation[2] = (float) speed;
  }

  /** Turns the motor for a step; the reward. */
  float perform(float torque) {
    double around = Math.IEEEremainder(angle, 2 * Math.PI);
    double cost = around * around + 0.1 * speed * speed + 0.001 * torque * torque;
    speed += (1.5 * GRAVITY * Math.sin(angle) + 3 * torque) * SECONDS;
    speed = Math.clamp(speed, -8, 8);
    angle += speed * SECONDS;
    return (float) -cost;
  }
}
