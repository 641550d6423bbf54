package org.xlstm4j.cli.act;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.BadObservation;
import org.xlstm4j.models.action.GuardOptions;

/**
 * What decides on the actions of a run but for the model and the lines that come in: the head of a
 * recording.
 *
 * @param task name of the task of the first episode, or null if a line will name it
 * @param mode what is fed from step to step
 * @param settle whether what an action does not need runs as soon as the action is out
 * @param budget milliseconds a step may take, or null
 * @param period milliseconds from one observation to the next, or null
 * @param badObservation what is done with observations that cannot be used
 * @param mostMissed missed deadlines in a row that stop a session
 * @param limits limits and fallback as {@link GuardOptions#of} reads them
 */
public record ActSettings(
    @Nullable String task,
    ActionMode mode,
    boolean settle,
    @Nullable Double budget,
    @Nullable Double period,
    BadObservation badObservation,
    int mostMissed,
    Config limits) {
  /** The least time that a guard watches: a nanosecond. */
  public static final double LEAST_MILLISECONDS = 1e-6;

  /** The longest. */
  public static final double MOST_MILLISECONDS = 1e9;

  private static final int VERSION = 1;

  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public ActSettings {
    requireTime("deadline", budget);
    requireTime("period", period);
  }

  private static void requireTime(String name, @Nullable Double time) {
    if (time != null && !(time >= LEAST_MILLISECONDS && time <= MOST_MILLISECONDS)) {
      throw new IllegalArgumentException(
          name + " is " + time + ", expected 0.000001 to 1000000000 milliseconds");
    }
  }

  /** Reads the head of a recording. */
  static ActSettings of(Path file, Config head) throws IOException {
    int unused = head.integer("recording", VERSION, VERSION);
    try {
      return new ActSettings(
          head.has("task") ? head.text("task") : null,
          mode(head.text("mode")),
          head.bool("settle"),
          head.has("budget_ms") ? (Double) head.number("budget_ms") : null,
          head.has("period_ms") ? (Double) head.number("period_ms") : null,
          badObservation(head.text("bad_observation")),
          mostMissed(head.text("on_miss")),
          // named as they were, so that errors are the same
          Config.parse(Path.of(head.text("limits_file")), head.child("limits").toJson()));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** The head of a recording, on one line. */
  String head(ActOrigin origin) {
    String json =
        origin
            .addTo(Config.empty(limits.file()).with("recording", VERSION))
            .with("task", task)
            .with("mode", mode.name().toLowerCase(Locale.ROOT))
            .with("settle", settle)
            .with("budget_ms", budget)
            .with("period_ms", period)
            .with("bad_observation", text(badObservation))
            .with("on_miss", mostMissed == Integer.MAX_VALUE ? "count" : "stop:" + mostMissed)
            .with("limits_file", limits.file().toString())
            .with("limits", limits)
            .toJson();
    return json.lines().map(String::strip).collect(Collectors.joining());
  }

  /**
   * What the sessions of a task watch over.
   *
   * @throws IOException if the limits do not fit it
   */
  public GuardOptions guard(ActionTask actionTask) throws IOException {
    return GuardOptions.of(limits, actionTask)
        .withBadObservation(badObservation)
        .withMostMissed(mostMissed);
  }

  /** Whether anything is watched over, so that answers tell the state. */
  boolean guarded() {
    return !(badObservation instanceof BadObservation.Reject)
        || mostMissed != Integer.MAX_VALUE
        || !limits.keys().isEmpty();
  }

  /**
   * A mode by its name.
   *
   * @throws IllegalArgumentException if there is none; says which there are
   */
  public static ActionMode mode(String name) {
    for (ActionMode known : ActionMode.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(name)) {
        return known;
      }
    }
    throw new IllegalArgumentException("mode is " + name + ", expected zero, delayed or windowed");
  }

  /**
   * What is done with bad observations: {@code reject}, {@code hold} or {@code last}, the latter
   * two with {@code :N} if one more than N in a row stops the session.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static BadObservation badObservation(String text) {
    if (text.equals("reject")) {
      return BadObservation.reject();
    }
    int most = text.length() == 4 ? Integer.MAX_VALUE : count(text.replaceFirst("^....:", ""));
    if (text.startsWith("hold") && most > 0) {
      return new BadObservation.Hold(most);
    }
    if (text.startsWith("last") && most > 0) {
      return new BadObservation.Last(most);
    }
    throw new IllegalArgumentException(
        "bad-observation is " + text + ", expected reject, hold, last, hold:N or last:N");
  }

  private static String text(BadObservation policy) {
    return switch (policy) {
      case BadObservation.Reject() -> "reject";
      case BadObservation.Hold(int most) -> "hold:" + most;
      case BadObservation.Last(int most) -> "last:" + most;
    };
  }

  /**
   * Missed deadlines in a row that stop a session: none for {@code count}, 1 for {@code stop}, or
   * {@code stop:N}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static int mostMissed(String text) {
    if (text.equals("count")) {
      return Integer.MAX_VALUE;
    }
    int most = text.equals("stop") ? 1 : text.startsWith("stop:") ? count(text.substring(5)) : 0;
    if (most < 1) {
      throw new IllegalArgumentException("on-miss is " + text + ", expected count, stop or stop:N");
    }
    return most;
  }

  /** A whole number above 0, or 0 if it is none. */
  private static int count(String digits) {
    return digits.matches("[0-9]{1,10}")
        ? (int) Math.min(Integer.MAX_VALUE, Long.parseLong(digits))
        : 0;
  }
}
