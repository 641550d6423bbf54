package org.xlstm4j.models.action;

import java.util.Arrays;
import java.util.List;

/**
 * Leads an action toward what is wanted as far as its limits permit. Each dimension brakes in time:
 * for a bound, so that bound, rate and jerk can always be kept together, and for what is wanted, so
 * that it does not swing about it.
 */
final class ActionLimiter {
  private final ActionLimit[] limits;
  private final double[] changes;
  private boolean placed;

  /**
   * A limiter that knows of no action yet.
   *
   * @param limits of each dimension, or empty for none
   */
  ActionLimiter(List<ActionLimit> limits) {
    this.limits = limits.toArray(ActionLimit[]::new);
    changes = new double[limits.size()];
  }

  /** The action is at rest from now on. */
  void rest() {
    Arrays.fill(changes, 0);
    placed = true;
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
      return true;
    }
    boolean all = true;
    for (int i = 0; i < action.length; i++) {
      ActionLimit limit = limits[i];
      float target = Math.clamp(wanted[i], limit.lowest(), limit.highest());
      float before = action[i];
      action[i] = placed ? next(target, before, changes[i], limit) : target;
      changes[i] = placed ? (double) action[i] - before : 0;
      all &= action[i] == wanted[i];
    }
    placed = true;
    return all;
  }

  private static float next(float target, float before, double change, ActionLimit limit) {
    double jerk = limit.jerk();
    double way = (double) target - before;
    double up = Math.min(limit.rate(), brakes((double) limit.highest() - before, jerk));
    double down = Math.min(limit.rate(), brakes((double) before - limit.lowest(), jerk));
    double most = Math.min(up, change + jerk);
    double least = Math.max(-down, change - jerk);
    double step = Math.copySign(brakes(Math.abs(way), jerk), way);
    double taken = Math.max(least, Math.min(most, step));
    return taken == way
        ? target
        : Math.clamp((float) (before + taken), limit.lowest(), limit.highest());
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
