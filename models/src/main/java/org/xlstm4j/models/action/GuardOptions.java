package org.xlstm4j.models.action;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * What a {@link GuardedSession} watches over.
 *
 * @param limits of each dimension of the action; empty for none, as for discrete actions
 * @param fallback the action of a session that has stopped, or that has none to hold: numbers in
 *     the task's unit within the limits, or the index of a discrete action; empty for none, then
 *     such steps throw
 * @param badObservation what is done with observations that cannot be used
 * @param mostMissed missed deadlines in a row that stop the session, at least 1; {@link
 *     Integer#MAX_VALUE} to count them only
 */
public record GuardOptions(
    List<ActionLimit> limits, List<Float> fallback, BadObservation badObservation, int mostMissed) {
  /** Watches over nothing but the model's failures. */
  public static final GuardOptions NONE =
      new GuardOptions(List.of(), List.of(), BadObservation.reject(), Integer.MAX_VALUE);

  private static final List<String> KEYS = List.of("lowest", "highest", "rate", "jerk", "fallback");

  /** Copies the lists and checks the numbers. */
  public GuardOptions {
    limits = List.copyOf(limits);
    fallback = List.copyOf(fallback);
    if (mostMissed < 1) {
      throw new IllegalArgumentException("stopped by " + mostMissed + " missed deadlines");
    }
    for (int i = 0; i < fallback.size(); i++) {
      float value = fallback.get(i);
      if (!Float.isFinite(value) || (i < limits.size() && !limits.get(i).permits(value))) {
        throw new IllegalArgumentException(
            "fallback[" + i + "] is " + value + ", expected a number within the limits");
      }
    }
  }

  /** The same with other limits. */
  public GuardOptions withLimits(List<ActionLimit> other) {
    return new GuardOptions(other, fallback, badObservation, mostMissed);
  }

  /** The same with another fallback. */
  public GuardOptions withFallback(List<Float> other) {
    return new GuardOptions(limits, other, badObservation, mostMissed);
  }

  /** The same with something else done with bad observations. */
  public GuardOptions withBadObservation(BadObservation other) {
    return new GuardOptions(limits, fallback, other, mostMissed);
  }

  /** The same with another number of missed deadlines that stop the session. */
  public GuardOptions withMostMissed(int other) {
    return new GuardOptions(limits, fallback, badObservation, other);
  }

  /**
   * Reads limits and fallback: {@code lowest}, {@code highest}, {@code rate}, {@code jerk} and
   * {@code fallback}, each a number for all dimensions or a list of one for each. What is not there
   * is not limited; discrete actions have a fallback alone.
   *
   * @param config an object with these keys and no others
   * @param task whose actions they are for
   * @return options that are otherwise as {@link #NONE}
   * @throws ModelFormatException if a value is of the wrong kind, impossible or not one for each
   *     dimension
   */
  public static GuardOptions of(Config config, ActionTask task) throws ModelFormatException {
    for (String key : config.keys()) {
      if (!KEYS.contains(key)) {
        throw config.error(key, "a key that is not known", "one of " + String.join(", ", KEYS));
      }
    }
    int width = task.actionWidth();
    float[] lowest = values(config, "lowest", width, ActionLimit.NONE.lowest());
    float[] highest = values(config, "highest", width, ActionLimit.NONE.highest());
    float[] rate = values(config, "rate", width, ActionLimit.NONE.rate());
    float[] jerk = values(config, "jerk", width, ActionLimit.NONE.jerk());
    List<ActionLimit> limits = new ArrayList<>();
    List<Float> fallback = new ArrayList<>();
    try {
      for (int i = 0; i < width; i++) {
        limits.add(new ActionLimit(lowest[i], highest[i], rate[i], jerk[i]));
      }
      if (config.has("fallback")) {
        for (float value : values(config, "fallback", width, 0)) {
          fallback.add(value);
        }
      }
      boolean limited = limits.stream().anyMatch(limit -> !limit.equals(ActionLimit.NONE));
      GuardOptions options = NONE.withLimits(limited ? limits : List.of()).withFallback(fallback);
      options.requireFit(task);
      return options;
    } catch (IllegalArgumentException e) {
      throw config.error("limits", String.valueOf(e.getMessage()), "limits that fit the task");
    }
  }

  private static float[] values(Config config, String key, int width, float otherwise)
      throws ModelFormatException {
    float[] values = new float[width];
    double[] given = {otherwise};
    if (config.kind(key) == Config.Kind.LIST) {
      given = config.numbers(key);
      if (given.length != width) {
        throw config.error(key, given.length + " numbers", width + ", one for each dimension");
      }
    } else if (config.has(key)) {
      given = new double[] {config.number(key)};
    }
    for (int i = 0; i < width; i++) {
      values[i] = (float) given[given.length == 1 ? 0 : i];
    }
    return values;
  }

  /** Checks that there is one limit for each dimension, and so on. */
  void requireFit(ActionTask task) {
    int width = task.actionWidth();
    if (task.discrete() && !limits.isEmpty()) {
      throw new IllegalArgumentException("limits, but the task's actions are discrete");
    }
    if (!limits.isEmpty() && limits.size() != width) {
      throw new IllegalArgumentException(
          limits.size() + " limits, but actions of " + width + " numbers");
    }
    if (!fallback.isEmpty() && fallback.size() != width) {
      throw new IllegalArgumentException(
          "a fallback of " + fallback.size() + " numbers, but actions of " + width);
    }
    if (task.discrete()
        && fallback.stream().anyMatch(value -> value < 0 || value != Math.rint(value))) {
      throw new IllegalArgumentException("a fallback of " + fallback + ", expected an index");
    }
  }
}
