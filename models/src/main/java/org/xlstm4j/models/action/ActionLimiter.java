package org.xlstm4j.models.action;

import java.util.Arrays;
import java.util.List;

/**
 * Leads an action toward what is wanted as far as its limits permit. Each dimension brakes in time:
 * for a bound, so that bound, rate and jerk can always be kept together, and for what is wanted, so
 * that it does not swing about it.
 *
 * <p>Positions are kept in double precision, and what is given is the float next to one on the side
 * of the float given before. So actions never change by more than the rate, but where neighboring
 * floats are further apart than it: there they change by one float at a time, and in the mean no
 * faster than the rate. The jerk is kept to the rounding of three actions.
 */
final class ActionLimiter {
  private final ActionLimit[] limits;
  private final double[] positions;
  private final double[] changes;
  private boolean placed;

  /**
   * A limiter that knows of no action yet.
   *
   * @param limits of each dimension, or empty for none
   */
  ActionLimiter(List<ActionLimit> limits) {
    this.limits = limits.toArray(ActionLimit[]::new);
    positions = new double[limits.size()];
    changes = new double[limits.size()];
  }

  /** Whether it knows of an action. */
  boolean placed() {
    return placed;
  }

  /** An action is at rest from now on. */
  void rest(float[] action) {
    for (int i = 0; i < limits.length; i++) {
      positions[i] = action[i];
    }
    Arrays.fill(changes, 0);
    placed = true;
  }

  /**
   * Goes on where another limiter left an action.
   *
   * @param other of as many dimensions, or without limits: then the action is taken to be at rest
   * @param action what it gave last; comes within this one's bounds
   */
  void continueFrom(ActionLimiter other, float[] action) {
    for (int i = 0; i < limits.length; i++) {
      action[i] = Math.clamp(action[i], limits[i].lowest(), limits[i].highest());
    }
    rest(action);
    if (limits.length == other.limits.length) {
      for (int i = 0; i < limits.length; i++) {
        positions[i] = Math.clamp(other.positions[i], limits[i].lowest(), limits[i].highest());
        changes[i] = other.changes[i];
      }
    }
  }

  /**
   * One step.
   *
   * @param wanted finite numbers
   * @param action the action before, which becomes the one to give
   * @return whether it is what was wanted
   */
  boolean lead(float[] wanted, float[] action) {
    if (limits.length == 0) {
      System.arraycopy(wanted, 0, action, 0, action.length);
      placed = true;
      return true;
    }
    boolean all = true;
    for (int i = 0; i < action.length; i++) {
      ActionLimit limit = limits[i];
      float target = Math.clamp(wanted[i], limit.lowest(), limit.highest());
      if (placed) {
        double before = positions[i];
        double position = next(target, before, changes[i], limit);
        action[i] = toward(position, action[i], target, limit.rate());
        // stays next to what was given: without this it would move away, step by step, where the
        // rate is no multiple of the distance between floats
        positions[i] =
            Math.clamp(position, (double) Math.nextDown(action[i]), Math.nextUp(action[i]));
        changes[i] = positions[i] - before;
      } else {
        action[i] = target;
        positions[i] = target;
        changes[i] = 0;
      }
      all &= action[i] == wanted[i];
    }
    placed = true;
    return all;
  }

  private static double next(float target, double before, double change, ActionLimit limit) {
    double jerk = limit.jerk();
    double way = target - before;
    double up = Math.min(limit.rate(), brakes(limit.highest() - before, jerk));
    double down = Math.min(limit.rate(), brakes(before - limit.lowest(), jerk));
    double most = Math.min(up, change + jerk);
    double least = Math.max(-down, change - jerk);
    double step = Math.copySign(brakes(Math.abs(way), jerk), way);
    double taken = Math.max(least, Math.min(most, step));
    return taken == way
        ? target
        : Math.clamp(before + taken, (double) limit.lowest(), limit.highest());
  }

  /** The float to give for a position: no further from the one before than the rate. */
  private static float toward(double position, float before, float target, double rate) {
    if (position == target && Math.abs((double) target - before) <= rate) {
      return target; // of the same sign if it is zero
    }
    float within = between(Math.clamp(position, before - rate, before + rate), before);
    return within == before ? between(position, before) : within;
  }

  /** The float next to a value on the side of another float. */
  private static float between(double value, float side) {
    float next = (float) value;
    if (value > side && next > value) {
      return Math.nextDown(next);
    }
    return value < side && next < value ? Math.nextUp(next) : next;
  }

  /**
   * The largest step that still comes to rest within a distance if each step after it is smaller by
   * the jerk: n steps after it, {@code (n + 1) step - jerk n (n + 1) / 2 = distance}.
   */
  private static double brakes(double distance, double jerk) {
    if (Double.isInfinite(distance) || Double.isInfinite(jerk)) {
      return distance;
    }
    double n = Math.floor((Math.sqrt(1 + 8 * distance / jerk) - 1) / 2);
    return n == 0 ? distance : distance / (n + 1) + jerk * n / 2;
  }
}
