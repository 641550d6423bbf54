package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.act.ActServer;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.models.action.ActionEpisode;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.StepTimes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Drives an action model. */
@Command(
    name = "act",
    description = {
      "Drives an action model: observations in, actions out.",
      "Without -m the shipped " + ActCommand.DEFAULT_MODEL + "."
    },
    footer = {
      "",
      "Examples:",
      "  xlstm act --task Pendulum-v1 --episode episode.safetensors",
      "  echo '{\"observation\": [1, 0, 0.1]}' | xlstm act --task Pendulum-v1 --serve"
    })
final class ActCommand extends Subcommand {
  static final String DEFAULT_MODEL = "lram-control";

  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = "--task",
      paramLabel = "NAME",
      description = "A task of the model's configuration.")
  private @Nullable String task;

  @Option(
      names = "--episode",
      paramLabel = "FILE",
      description =
          "Play a recording (safetensors: states, rtg, rewards) and tell how long the steps take.")
  private @Nullable Path episode;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description = "Play the recording N times (default: ${DEFAULT-VALUE}).")
  private int repeat;

  @Option(
      names = "--serve",
      description = "Read JSON lines with observations, write JSON lines with actions.")
  private boolean serve;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "zero",
      description = "What is fed from step to step: zero, delayed or windowed (default: zero).")
  private String mode = "zero";

  @Option(
      names = "--settle",
      description = "Run what the action does not need right after it, not with the next step.")
  private boolean settle;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description =
          "Steps on zeros before the first real one, for the JIT (default: ${DEFAULT-VALUE} s).")
  private double warmUp;

  @Option(
      names = "--budget",
      paramLabel = "MS",
      description = "Milliseconds a step may take; those that take longer are counted.")
  private @Nullable Double budget;

  @Option(names = "--lock", description = "Keep weights and states in memory (mlock).")
  private boolean lock;

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException {
    if (serve == (episode != null)) {
      throw new UsageException("expected one of --episode FILE and --serve");
    }
    if (repeat < 1
        || !(warmUp >= 0 && warmUp < 1e6)
        || (budget != null && !(budget > 0 && budget < 1e9))) {
      throw new UsageException("--repeat, --warm-up and --budget are positive numbers");
    }
    ActionMode actionMode = mode();
    Team team = model.team();
    try (ActionModel actionModel = ActionModel.open(model.folder(DEFAULT_MODEL), model.load())) {
      actionModel.prefault();
      if (lock && !actionModel.lockPages()) {
        terminal.err().println("xlstm act: the system does not lock the weights (see ulimit -l)");
      }
      if (episode != null) {
        play(actionModel, actionMode, team, episode, terminal);
      } else {
        ActServer server =
            new ActServer(actionModel, task -> session(actionModel, task, actionMode, team));
        server.settleAfterwards(settle);
        if (task != null) {
          server.begin(task(actionModel, task));
        }
        server.run(terminal.in(), terminal.out());
      }
    }
  }

  private void play(
      ActionModel actionModel, ActionMode actionMode, Team team, Path file, Terminal terminal)
      throws IOException {
    ActionEpisode recording = recording(file);
    ActionSession session = session(actionModel, taskOf(actionModel, recording), actionMode, team);
    StepTimes times = new StepTimes(Math.multiplyExact(repeat, recording.steps()));
    for (int round = 0; round < repeat; round++) {
      session.reset();
      for (int step = 0; step < recording.steps(); step++) {
        session.act(recording, step);
        times.add(session.timer().lastNanoseconds());
        if (settle) {
          session.settle();
        }
      }
    }
    Table table =
        new Table(
            Table.Column.number("steps", "%d"),
            Table.Column.number("mean us", "%.1f"),
            Table.Column.number("p50 us", "%.1f"),
            Table.Column.number("p99 us", "%.1f"),
            Table.Column.number("p99.9 us", "%.1f"),
            Table.Column.number("worst us", "%.1f"),
            Table.Column.number("missed", "%d"));
    table.row(
        times.count(),
        times.meanMicroseconds(),
        times.microseconds(0.5),
        times.microseconds(0.99),
        times.microseconds(0.999),
        times.microseconds(1),
        budget == null ? null : session.timer().missed());
    TableFormat format = json.formatOr(TableFormat.TEXT);
    format.write(table, terminal.out());
    if (format == TableFormat.TEXT) {
      terminal.out().write("\n");
      times.histogram(terminal.out());
    }
  }

  private static ActionEpisode recording(Path file) throws IOException {
    try (Checkpoint tensors = Checkpoint.open(file)) {
      return ActionEpisode.of(tensors);
    }
  }

  private ActionSession session(
      ActionModel actionModel, ActionTask actionTask, ActionMode actionMode, Team team) {
    ActionSession session = actionModel.newSession(actionTask, actionMode, team);
    session.warmUp(Duration.ofNanos((long) (warmUp * 1e9)));
    if (lock) {
      session.lockPages();
    }
    if (budget != null) {
      session.latencyBudget((long) (budget * 1e6));
    }
    return session;
  }

  private ActionMode mode() {
    for (ActionMode known : ActionMode.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(mode)) {
        return known;
      }
    }
    throw new UsageException("--mode is " + mode + ", expected zero, delayed or windowed");
  }

  /** The task asked for, or what the recording itself tells. */
  private ActionTask taskOf(ActionModel actionModel, ActionEpisode recording) {
    if (task != null) {
      return task(actionModel, task);
    }
    return ActionTask.of(recording, actionModel.actionWidth());
  }

  private static ActionTask task(ActionModel actionModel, String name) {
    try {
      return actionModel.task(name);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--task: " + e.getMessage());
    }
  }
}
