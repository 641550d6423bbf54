package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.act.ActSettings;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.BadObservation;
import picocli.CommandLine.Option;

/** Options for what may go wrong in a control loop. */
final class GuardArguments {
  @Option(
      names = {"--budget", "--deadline"},
      paramLabel = "MS",
      description = "Milliseconds a step may take; those that take longer are counted.")
  private @Nullable Double budget;

  @Option(
      names = "--period",
      paramLabel = "MS",
      description =
          "Milliseconds from one observation to the next; those that come more than half of it late"
              + " are counted.")
  private @Nullable Double period;

  @Option(
      names = "--on-miss",
      paramLabel = "count|stop[:N]",
      defaultValue = "count",
      description =
          "Count the steps that are late, or stop at the Nth in a row: the fallback from"
              + " then on, until a reset (default: ${DEFAULT-VALUE}).")
  private String onMiss = "count";

  @Option(
      names = "--bad-observation",
      paramLabel = "reject|hold|last[:N]",
      defaultValue = "reject",
      description =
          "Answer an observation that cannot be used with an error, repeat the last action, or use"
              + " the last good observation; more than N in a row stop (default:"
              + " ${DEFAULT-VALUE}).")
  private String badObservation = "reject";

  @Option(
      names = "--limits",
      paramLabel = "FILE",
      description =
          "JSON with limits of the actions: lowest, highest, rate, jerk and fallback, each a number"
              + " or a list of one for each dimension.")
  private @Nullable Path limits;

  /** Whether any of them is not as by default. */
  boolean given() {
    return budget != null
        || period != null
        || limits != null
        || !onMiss.equals("count")
        || !badObservation.equals("reject");
  }

  /** The settings of a run. */
  ActSettings settings(@Nullable String task, ActionMode mode, boolean settle) throws IOException {
    int mostMissed = parse(ActSettings::mostMissed, onMiss);
    if (mostMissed != Integer.MAX_VALUE && budget == null && period == null) {
      throw new UsageException("--on-miss stop needs a --deadline or a --period");
    }
    BadObservation policy = parse(ActSettings::badObservation, badObservation);
    Config bounds = limits == null ? Config.empty(Path.of("limits")) : Config.read(limits);
    try {
      return new ActSettings(task, mode, settle, budget, period, policy, mostMissed, bounds);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private static <T> T parse(Function<String, T> parser, String text) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }
}
