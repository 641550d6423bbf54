package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.KernelsOption;
import org.xlstm4j.cli.options.LoadOptions;
import org.xlstm4j.cli.options.ModelLocator;
import org.xlstm4j.cli.options.ThreadsOption;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.cli.timing.BenchResult;
import org.xlstm4j.cli.timing.BenchTest;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.tensors.Packing;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.StepCost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what a model is made of and how fast it can run here. */
@Command(
    name = "inspect",
    description =
        "Shows what a model is made of, how fast it could run, and how fast it runs in a trial.",
    footer = {"", "Example:", "  xlstm inspect xlstm-large-mini --tensors"})
final class InspectCommand extends Subcommand {
  private static final int REPETITIONS = 5;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "Model folder, name of a shipped model (see xlstm models), or ORG/NAME of a pulled one.")
  private String model = "";

  @Mixin private LoadOptions load = new LoadOptions();
  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Mixin
  @SuppressWarnings("UnusedVariable") // it takes effect when it is read
  private KernelsOption kernels = new KernelsOption();

  @Mixin private JsonOption json = new JsonOption();

  @Option(names = "--tensors", description = "List the tensors too.")
  private boolean tensors;

  @Override
  public void run(Terminal terminal) throws IOException {
    Path folder = ModelLocator.ofProcess().find(model);
    Team team = threads.team();
    try (Model opened = Models.open(folder, load.options())) {
      Checkpoint checkpoint = opened.checkpoint();
      WarmUp.complete();
      BenchTest test = BenchTest.ofSteps(opened);
      StepCost cost = test.workload().cost();
      int units = test.workload().units();
      BenchResult trial = test.run(team, REPETITIONS);
      Table table =
          new Table(
              Table.Column.text("model"),
              Table.Column.text("family"),
              Table.Column.number("parameters", "%,d"),
              Table.Column.number("tensors", "%d"),
              Table.Column.text("types"),
              Table.Column.number("file bytes", "%,d"),
              Table.Column.number("state bytes per session", "%,d"),
              Table.Column.text("step"),
              Table.Column.number("weight bytes per step", "%,d"),
              Table.Column.number("multiplications per step", "%,d"),
              Table.Column.number("threads", "%d"),
              Table.Column.number("read GB per second", "%.1f"),
              Table.Column.number("update GB per second", "%.1f"),
              Table.Column.number("GFLOP per second", "%.0f"),
              Table.Column.text("limit"),
              Table.Column.number("limit steps per second", "%.1f"),
              Table.Column.number("predicted steps per second", "%.1f"));
      table.row(
          folder.toString(),
          opened.family(),
          checkpoint.parameters(),
          checkpoint.names().size(),
          types(checkpoint),
          checkpoint.byteSize(),
          cost.stateBytes() / units,
          cost.unit(),
          cost.weightBytes() / units,
          cost.multiplyAdds() / units,
          team.size(),
          trial.readRate() * 1e-9,
          trial.updateRate() * 1e-9,
          2 * trial.multiplyAddRate() * 1e-9,
          trial.limit(),
          trial.limitRate(),
          trial.rate());
      json.formatOr(TableFormat.FIELDS).write(table, terminal.out());
      if (tensors) {
        if (json.formatOr(TableFormat.TEXT) == TableFormat.TEXT) {
          terminal.out().write("\n");
        }
        json.formatOr(TableFormat.TEXT).write(list(checkpoint), terminal.out());
      }
    }
  }

  /** Such as {@code BF16 53, F32 40}. */
  private static String types(Checkpoint checkpoint) {
    Map<String, Long> counts =
        StreamSupport.stream(checkpoint.spliterator(), false)
            .collect(
                Collectors.groupingBy(InspectCommand::type, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String type(Tensor tensor) {
    Packing packing = tensor.packing();
    return packing == null ? tensor.type().name() : packing.type().name();
  }

  private static Table list(Checkpoint checkpoint) {
    Table table =
        new Table(
            Table.Column.text("tensor"),
            Table.Column.text("type"),
            Table.Column.text("shape"),
            Table.Column.number("bytes", "%,d"));
    for (Tensor tensor : checkpoint) {
      table.row(
          tensor.name(), type(tensor), Arrays.toString(tensor.shape()), tensor.data().byteSize());
    }
    return table;
  }
}
