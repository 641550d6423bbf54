package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.BackendOption;
import org.xlstm4j.cli.options.KernelsOption;
import org.xlstm4j.cli.options.LoadOptions;
import org.xlstm4j.cli.options.ModelLocator;
import org.xlstm4j.cli.options.ThreadsOption;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.options.WeightTypeArgument;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.cli.timing.BenchResult;
import org.xlstm4j.cli.timing.BenchTest;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.Workload;
import org.xlstm4j.models.WorkloadSizes;
import org.xlstm4j.models.language.LanguageModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast a model runs here, and how near that is to what the machine can do. */
@Command(
    name = "bench",
    description = {
      "Measures how fast a model runs, next to the machine's limits measured in the same run.",
      "Tests: pp512 is a prompt of 512 tokens, tg128 128 tokens one at a time, @ d1000 behind 1000"
          + " others, tg128 b8 eight texts together, 128 tokens each; turn20 is the first token of a",
      "conversation's 20th answer."
    },
    footer = {
      "",
      "Examples:",
      "  xlstm bench -m xlstm-large-mini -t 1,2",
      "  xlstm bench --random config.json --type f32,q8,q4 -p 0 -n 64",
      "  xlstm bench -m xlstm-large-mini --batch 1,2,4,8 --turns 20 -p 0 -n 32"
    })
final class BenchCommand extends Subcommand {
  private static final WeightTypeArgument TYPES =
      new WeightTypeArgument(WeightType.F32, WeightType.BF16, WeightType.Q8, WeightType.Q4);

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description =
          "Model folder, name of a shipped model (see xlstm models), or ORG/NAME of a pulled one.")
  private String model = "";

  @Option(
      names = "--random",
      paramLabel = "CONFIG",
      description = "A configuration's file or a folder with one: random weights in memory.")
  private @Nullable Path random;

  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      description = "Types of random weights: f32, bf16, q8, q4 (default: bf16).")
  private List<String> types = List.of();

  @Option(
      names = "-p",
      split = ",",
      paramLabel = "N",
      defaultValue = "512",
      description = "Tokens of a prompt, 0 for none (default: ${DEFAULT-VALUE}).")
  private List<Integer> prompts = List.of();

  @Option(
      names = "-n",
      split = ",",
      paramLabel = "N",
      defaultValue = "128",
      description = "Tokens one at a time, 0 for none (default: ${DEFAULT-VALUE}).")
  private List<Integer> tokens = List.of();

  @Option(
      names = "-d",
      split = ",",
      paramLabel = "N",
      defaultValue = "0",
      description = "Tokens that come before those that are timed (default: ${DEFAULT-VALUE}).")
  private List<Integer> depths = List.of();

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      description = "Texts that are continued together, -n tokens each (default: none).")
  private List<Integer> batches = List.of();

  @Option(
      names = "--turns",
      split = ",",
      paramLabel = "N",
      description =
          "Turns of a conversation, each a question and an answer of 64 tokens; the last is timed up"
              + " to its answer, from the start and with its state kept (default: none).")
  private List<Integer> turns = List.of();

  @Option(
      names = {"-t", "--threads"},
      split = ",",
      paramLabel = "N",
      description = "Threads to compute with (default: physical cores).")
  private List<Integer> threads = List.of();

  @Mixin private LoadOptions load = new LoadOptions();
  @Mixin private BackendOption backend = new BackendOption();

  @Mixin
  @SuppressWarnings("UnusedVariable") // it takes effect when it is read
  private KernelsOption kernels = new KernelsOption();

  @Option(
      names = "-r",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each test is repeated (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      defaultValue = "md",
      description = "md, csv or json (default: ${DEFAULT-VALUE}).")
  private String output = "md";

  @Option(names = "--json", description = "The same as -o json.")
  private boolean json;

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException {
    TableFormat format = format();
    List<Team> teams = teams();
    check("-p", prompts, 0);
    check("-n", tokens, 0);
    check("-d", depths, 0);
    check("--batch", batches, 1);
    check("--turns", turns, 1);
    check("-r", List.of(repetitions), 1);
    if (model.isEmpty() == (random == null)) {
      throw new UsageException("expected one of -m MODEL and --random CONFIG");
    }
    if (random == null && !types.isEmpty()) {
      throw new UsageException("--type is for --random; a model has its own (xlstm quantize)");
    }
    List<String> wanted = types.isEmpty() ? List.of("bf16") : types;
    List<WeightType> weightTypes = wanted.stream().map(TYPES::parse).toList();
    backend.use();
    WarmUp.begin();
    Table table = BenchResult.table();
    if (random == null) {
      try (Model opened = Models.open(ModelLocator.ofProcess().find(model), load.options())) {
        measure(opened, model, teams, table);
      }
    } else {
      Config config = Files.isDirectory(random) ? Config.ofFolder(random) : Config.read(random);
      for (WeightType type : weightTypes) {
        try (Model opened = Models.random(config, type)) {
          String name = "random " + random.getFileName() + " " + type.label();
          measure(opened, name, teams, table);
        }
      }
    }
    format.write(table, terminal.out());
    terminal.err().println(WarmUp.description());
  }

  private void measure(Model opened, String name, List<Team> teams, Table table)
      throws IOException {
    if (!(opened instanceof LanguageModel) && !(batches.isEmpty() && turns.isEmpty())) {
      throw new UsageException("--batch and --turns are for language models");
    }
    WarmUp.complete();
    WorkloadSizes sizes = new WorkloadSizes(prompts, tokens, depths, batches, turns);
    for (Workload workload : opened.workloads(sizes)) {
      for (Team team : teams) {
        new BenchTest(workload).run(team, repetitions).addTo(table, name, opened);
      }
    }
  }

  private TableFormat format() {
    return switch (json ? "json" : output) {
      case "md" -> TableFormat.MARKDOWN;
      case "csv" -> TableFormat.CSV;
      case "json" -> TableFormat.JSON;
      default -> throw new UsageException("-o is " + output + ", expected md, csv or json");
    };
  }

  private List<Team> teams() {
    if (threads.isEmpty()) {
      return List.of(Team.ofPhysicalCores());
    }
    List<Team> teams = new ArrayList<>();
    for (int size : threads) {
      teams.add(ThreadsOption.of("-t", size));
    }
    return teams;
  }

  private static void check(String option, List<Integer> values, int least) {
    for (int value : values) {
      if (value < least) {
        throw new UsageException(option + " is " + value + ", expected " + least + " or more");
      }
    }
  }
}
