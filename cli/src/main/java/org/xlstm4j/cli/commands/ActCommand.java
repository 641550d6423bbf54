package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.act.ActListenAddress;
import org.xlstm4j.cli.act.ActListener;
import org.xlstm4j.cli.act.ActOrigin;
import org.xlstm4j.cli.act.ActRecorder;
import org.xlstm4j.cli.act.ActRecordings;
import org.xlstm4j.cli.act.ActReplay;
import org.xlstm4j.cli.act.ActServer;
import org.xlstm4j.cli.act.ActSessions;
import org.xlstm4j.cli.act.ActSettings;
import org.xlstm4j.cli.act.ActWarmUp;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.process.OrderlyEnd;
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
      "Without -m the shipped "
          + ActCommand.DEFAULT_MODEL
          + ", or the model of the recording to replay."
    },
    footer = {
      "",
      "Examples:",
      "  xlstm act --task Pendulum-v1 --episode episode.safetensors",
      "  xlstm act --listen tcp:7171 --limits limits.json --bad-observation hold:10",
      "  xlstm act --replay incident.jsonl",
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
          "Play a recording (safetensors: states, rtg, rewards) and print how long the steps take.")
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
      names = "--listen",
      paramLabel = "ADDRESS",
      description =
          "Serve several robots at once, each on its own connection: tcp:PORT on this machine"
              + " alone, tcp:HOST:PORT or unix:PATH.")
  private @Nullable String listen;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "8",
      description = "Most connections at a time (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Write down what is served; the connections of --listen have files of their own, FILE.1"
              + " and so on, the next that is not there.")
  private @Nullable Path record;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Play what was recorded, with its settings; fail at the first other answer.")
  private @Nullable Path replay;

  @Mixin private GuardArguments guard = new GuardArguments();

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

  @Option(names = "--lock", description = "Keep weights and states in memory (mlock).")
  private boolean lock;

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException {
    check();
    ActListenAddress address = listen == null ? null : ActListenAddress.parse(listen);
    // robots that are served at once compute side by side, one a thread
    Team team = address == null ? model.team() : model.teamOr(1);
    ActReplay recorded = replay == null ? null : new ActReplay(replay);
    Path folder = model.folder(recorded == null ? DEFAULT_MODEL : recorded.model());
    try (ActionModel actionModel = ActionModel.open(folder, model.load())) {
      ActSettings settings =
          recorded == null ? guard.settings(task, mode(), settle) : recorded.settings();
      if (settings.task() != null) {
        checkTask(actionModel, settings.task());
      }
      actionModel.prefault();
      if (lock && !actionModel.lockPages()) {
        terminal.err().println("xlstm act: the system does not lock the weights (see ulimit -l)");
      }
      ActWarmUp time = new ActWarmUp(Duration.ofNanos((long) (warmUp * 1e9)));
      ActSessions sessions = new ActSessions(actionModel, settings, team, time, lock);
      if (recorded != null) {
        ActOrigin now = ActOrigin.ofProcess(name(folder), actionModel);
        terminal.out().write(recorded.run(sessions, now) + " answers, all as recorded\n");
      } else if (episode != null) {
        play(actionModel, sessions, episode, terminal);
      } else if (address != null) {
        listen(address, sessions, origin(folder, actionModel), terminal);
      } else {
        ActOrigin origin = origin(folder, actionModel);
        serve(sessions, record, origin, terminal.in(), terminal.out());
      }
    }
  }

  private void check() {
    List<Boolean> ways = List.of(serve, episode != null, listen != null, replay != null);
    if (Collections.frequency(ways, true) != 1) {
      throw new UsageException(
          "expected one of --episode FILE, --serve, --listen ADDRESS and --replay FILE");
    }
    if (repeat < 1 || connections < 1 || !(warmUp >= 0 && warmUp < 1e6)) {
      throw new UsageException("--repeat, --connections and --warm-up are positive numbers");
    }
    if (record != null && !serve && listen == null) {
      throw new UsageException("--record is of use for --serve and --listen alone");
    }
    if (replay != null && (task != null || settle || !mode.equals("zero") || guard.given())) {
      throw new UsageException("--replay takes task, mode and guard from the recording");
    }
  }

  private static String name(Path folder) {
    return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
  }

  /** For the heads of recordings, if there will be any. */
  private @Nullable ActOrigin origin(Path folder, ActionModel actionModel) {
    return record == null ? null : ActOrigin.ofProcess(name(folder), actionModel);
  }

  private static void serve(
      ActSessions sessions,
      @Nullable Path record,
      @Nullable ActOrigin origin,
      InputStream in,
      Writer out)
      throws IOException {
    try (ActRecorder recorder =
        record == null || origin == null
            ? null
            : new ActRecorder(record, sessions.settings(), origin)) {
      ActServer server = new ActServer(sessions, recorder);
      server.beginAsSet();
      server.run(in, out);
    }
  }

  private void listen(
      ActListenAddress address, ActSessions sessions, @Nullable ActOrigin origin, Terminal terminal)
      throws IOException {
    sessions.warmUp(); // whoever connects finds it done
    ActRecordings recordings = record == null ? null : new ActRecordings(record);
    ActListener.Robots robots =
        (number, in, out) -> {
          Path file = recordings == null ? null : recordings.next();
          if (file != null) {
            terminal.err().println("xlstm act: connection " + number + " is recorded in " + file);
          }
          serve(sessions, file, origin, in, out);
        };
    try (ActListener listener = ActListener.open(address, connections, robots, terminal.err());
        OrderlyEnd _ = new OrderlyEnd(listener::close)) {
      listener.run();
    }
  }

  private void play(ActionModel actionModel, ActSessions sessions, Path file, Terminal terminal)
      throws IOException {
    ActionEpisode recording = recording(file);
    ActionSession session = sessions.open(taskOf(actionModel, recording));
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
        sessions.settings().budget() == null ? null : session.timer().missed());
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

  private ActionMode mode() {
    try {
      return ActSettings.mode(mode);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  /** The task asked for, or what the recording itself tells. */
  private ActionTask taskOf(ActionModel actionModel, ActionEpisode recording) {
    return task != null
        ? actionModel.task(task)
        : ActionTask.of(recording, actionModel.actionWidth());
  }

  private static void checkTask(ActionModel actionModel, String name) {
    try {
      ActionTask unused = actionModel.task(name);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--task: " + e.getMessage());
    }
  }
}
