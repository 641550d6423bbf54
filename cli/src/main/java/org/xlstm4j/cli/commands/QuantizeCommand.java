package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.LoadOptions;
import org.xlstm4j.cli.options.ModelLocator;
import org.xlstm4j.cli.options.ThreadsOption;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.options.WeightTypeArgument;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.terminal.Progress;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.cli.terminal.TextFile;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.loader.quantize.FormatUpgrade;
import org.xlstm4j.loader.quantize.ModelQuantizer;
import org.xlstm4j.loader.quantize.TensorReport;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.language.Calibration;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.ModelTokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a model with smaller weights. */
@Command(
    name = "quantize",
    description = "Writes a model folder with smaller weights, for every family.",
    footer = {
      "",
      "Example:",
      "  xlstm quantize xlstm-large-mini mini-q4 --type q4 --calibrate typical.txt",
      "A model quantized in version 2 of the format, converted without loss:",
      "  xlstm quantize old new"
    })
final class QuantizeCommand extends Subcommand {
  private static final WeightTypeArgument TYPES =
      new WeightTypeArgument(WeightType.BF16, WeightType.Q8, WeightType.Q4);

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description =
          "Model folder, name of a shipped model (see xlstm models), or ORG/NAME of a pulled one.")
  private String model = "";

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The new folder; nothing may be there.")
  private Path out = Path.of("");

  @Option(
      names = "--type",
      paramLabel = "bf16|q8|q4",
      description = {
        "Type of the matrices: 16, 8.5 or 4.5 bits a weight.",
        "Not needed for a model quantized in version 2 of the format, which is converted as it is."
      })
  private @Nullable String type;

  @Option(
      names = "--calibrate",
      paramLabel = "FILE",
      description = "A text, UTF-8: errors count by what the weights are multiplied with on it.")
  private @Nullable Path calibration;

  @Mixin private LoadOptions load = new LoadOptions();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private JsonOption json = new JsonOption();

  @Override
  public void run(Terminal terminal) throws IOException {
    WeightType weightType = type == null ? null : TYPES.parse(type);
    Path source = ModelLocator.ofProcess().find(model);
    if (Files.exists(out)) {
      throw new IOException(out + ": exists already, expected the name of a new folder");
    }
    WholeFile.requirePlace(out);
    Config config = Config.find(source);
    List<TensorReport> reports =
        config != null && FormatUpgrade.isFor(config)
            ? upgrade(terminal, source, config, weightType)
            : quantize(terminal, source, weightType);
    json.formatOr(TableFormat.TEXT).write(table(reports), terminal.out());
  }

  private List<TensorReport> quantize(
      Terminal terminal, Path source, @Nullable WeightType weightType) throws IOException {
    if (weightType == null) {
      throw new UsageException("--type is missing, expected " + TYPES.names());
    }
    Team team = threads.team();
    try (Model opened = Models.open(source, load.options());
        Progress progress = new Progress(terminal, "quantizing")) {
      ModelQuantizer quantizer =
          new ModelQuantizer(
              opened.checkpoint(), weightType, importance(terminal, source, opened, team), team);
      long all = quantizer.weights();
      return quantizer.write(opened.configuration(), out, done -> progress.update(done, all));
    }
  }

  /** Moves weights quantized in version 2 of the format to where they lie today. */
  private List<TensorReport> upgrade(
      Terminal terminal, Path source, Config config, @Nullable WeightType weightType)
      throws IOException {
    if (calibration != null) {
      throw new UsageException("--calibrate is for weights that are not quantized yet");
    }
    try (FormatUpgrade upgrade = FormatUpgrade.open(source, config);
        Progress progress = new Progress(terminal, "converting")) {
      if (weightType != null && !upgrade.types().equals(Set.of(weightType))) {
        throw new UsageException(
            "--type is " + type + ", but the weights of " + source + " are " + upgrade.types());
      }
      long all = upgrade.weights();
      return upgrade.write(out, done -> progress.update(done, all));
    }
  }

  /** How much each column counts on the calibration text, if there is one. */
  private Map<String, float[]> importance(Terminal terminal, Path source, Model opened, Team team)
      throws IOException {
    if (calibration == null) {
      return Map.of();
    }
    if (!(opened instanceof LanguageModel languageModel)) {
      throw new UsageException("--calibrate is for language models, not for " + opened.family());
    }
    int[] text = ModelTokenizer.read(source, languageModel).encode(TextFile.read(calibration));
    if (text.length == 0) {
      throw new IOException(calibration + ": no text, expected a typical one");
    }
    try (Progress progress = new Progress(terminal, "calibrating")) {
      return Calibration.of(languageModel, text, team, progress::update);
    }
  }

  private static Table table(List<TensorReport> reports) {
    Table table =
        new Table(
            Table.Column.text("tensor"),
            Table.Column.text("type"),
            Table.Column.number("weights", "%,d"),
            Table.Column.number("bits per weight", "%.2f"),
            Table.Column.number("relative error", "%.5f"));
    long weights = 0;
    long bytes = 0;
    double squaredError = 0;
    double squaredSum = 0;
    for (TensorReport report : reports) {
      addRow(table, report);
      weights += report.weights();
      bytes += report.bytes();
      squaredError += report.squaredError();
      squaredSum += report.squaredSum();
    }
    addRow(table, new TensorReport("total", "", weights, bytes, squaredError, squaredSum));
    return table;
  }

  private static void addRow(Table table, TensorReport report) {
    table.row(
        report.name(),
        report.type(),
        report.weights(),
        report.bitsPerWeight(),
        report.relativeError());
  }
}
