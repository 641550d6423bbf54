package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.CellOption;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.series.SeriesSet;
import org.xlstm4j.cli.series.SeriesSetOptions;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.embedding.EmbeddingModel;
import org.xlstm4j.models.embedding.EmbeddingOptions;
import org.xlstm4j.models.embedding.HeadFit;
import org.xlstm4j.models.embedding.LinearHead;
import org.xlstm4j.models.embedding.SeriesStatistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fits a linear head to embeddings of time series. */
@Command(
    name = "fit",
    description = {
      "Fits a linear head to the embeddings of labeled time series, one row per series.",
      "Prints how good it is on these rows, on rows left out for validation, and on those of --test.",
      "Without -m on the embeddings of the shipped " + EmbedCommand.DEFAULT_MODEL + "."
    },
    footer = {
      "",
      "Examples:",
      "  xlstm fit waves.csv --label 1 --output waves.safetensors --test more-waves.csv",
      "  xlstm fit pumps.csv --label wear --kind regression --output wear.safetensors"
    })
final class FitCommand extends Subcommand {
  @Mixin private ModelOptions model = new ModelOptions();

  @Parameters(
      paramLabel = "TRAIN.csv",
      description =
          "Separated values, a row a series; empty fields are missing values; - reads standard"
              + " input.")
  private String file = "";

  @Option(names = "--rows", hidden = true, description = "A series is a row (always so).")
  @SuppressWarnings("UnusedVariable") // as for embed
  private boolean rows;

  @Mixin private SeriesSetOptions series = new SeriesSetOptions();

  @Option(
      names = "--kind",
      paramLabel = "classification|regression",
      defaultValue = "classification",
      description = "Whether labels are classes or values (default: ${DEFAULT-VALUE}).")
  private String kind = "classification";

  @Option(
      names = "--augment",
      description = "Add the embedding of the differences, and statistics.")
  private boolean augment;

  @Option(
      names = "--ridge",
      paramLabel = "L",
      description =
          "Penalty on the squared weights (default: the one that does best on rows left out).")
  private @Nullable Double ridge;

  @Option(
      names = "--test",
      paramLabel = "TEST.csv",
      description = "Rows, written as the others, to say how good the head is on them.")
  private @Nullable String test;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "HEAD.safetensors",
      description = "The head's file; replaced only by a whole one.")
  private Path output = Path.of("");

  @Mixin private CellOption cell = new CellOption();
  @Mixin private JsonOption json = new JsonOption();

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException {
    boolean classifies = check();
    SlstmCell.Arithmetic arithmetic = cell.arithmetic();
    WholeFile.requirePlace(output);
    SeriesSet training = read(terminal, file);
    SeriesSet testing = test == null ? null : read(terminal, test);
    HeadLabels labels =
        classifies
            ? HeadLabels.classes(file, training.labels())
            : HeadLabels.values(file, training.labels());
    if (test != null && testing != null) {
      labels.requireAlike(test, testing.labels());
    }
    try (EmbeddingModel opened =
        Models.open(
            model.folder(EmbedCommand.DEFAULT_MODEL),
            EmbeddingModel.class,
            arithmetic,
            model.load())) {
      SeriesEmbedding embedding = new SeriesEmbedding(opened, model.team());
      SeriesStatistics statistics =
          augment ? SeriesStatistics.of(SeriesEmbedding.inputs(training)) : null;
      EmbeddingOptions options = new EmbeddingOptions(augment, statistics);
      List<float[]> embeddings = embedding.embed(file, training, options);
      HeadFit fit = fit(embeddings, labels);
      LinearHead head =
          new LinearHead(
              labels.kind(), augment, statistics, labels.names(), fit.weight(), fit.bias());
      Double tested =
          test == null || testing == null
              ? null
              : labels.score(head, embedding.embed(test, testing, options), test, testing.labels());
      head.write(output);
      json.formatOr(TableFormat.FIELDS)
          .write(table(labels, fit, head, tested, testing, embeddings.size()), terminal.out());
      terminal.out().flush();
    }
  }

  /** Whether labels are classes. */
  private boolean check() {
    if (!series.hasLabel()) {
      throw new UsageException("--label is missing: the column with a label for each row");
    }
    if (ridge != null && !(ridge >= 0 && ridge < Double.POSITIVE_INFINITY)) {
      throw new UsageException("--ridge is " + ridge + ", expected 0 or more");
    }
    return switch (kind) {
      case "classification" -> {
        if (ridge != null && ridge == 0) {
          throw new UsageException("--ridge is 0, expected more for classification");
        }
        yield true;
      }
      case "regression" -> false;
      default ->
          throw new UsageException("--kind is " + kind + ", expected classification or regression");
    };
  }

  private SeriesSet read(Terminal terminal, String source) throws IOException {
    SeriesSet set = series.rows(source, terminal.in());
    SeriesEmbedding.sayRemarks(terminal, "fit", set);
    return set;
  }

  private HeadFit fit(List<float[]> embeddings, HeadLabels labels) throws IOException {
    OptionalDouble penalty = ridge == null ? OptionalDouble.empty() : OptionalDouble.of(ridge);
    try {
      return labels.fit(embeddings, penalty);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static Table table(
      HeadLabels labels,
      HeadFit fit,
      LinearHead head,
      @Nullable Double tested,
      @Nullable SeriesSet testing,
      int rows) {
    String measure = labels.kind() == LinearHead.Kind.CLASSIFICATION ? "accuracy" : "R2";
    List<Table.Column> columns = new ArrayList<>();
    List<Object> row = new ArrayList<>();
    columns.add(Table.Column.number("series", "%d"));
    row.add(rows);
    columns.add(Table.Column.number("features", "%d"));
    row.add(head.features());
    columns.add(Table.Column.number("outputs", "%d"));
    row.add(head.outputs());
    columns.add(Table.Column.number("penalty", "%.3g"));
    row.add(fit.penalty());
    columns.add(Table.Column.number("trained " + measure, "%.4f"));
    row.add(fit.trained());
    columns.add(Table.Column.number("validated " + measure, "%.4f"));
    row.add(fit.validated());
    if (tested != null && testing != null) {
      columns.add(Table.Column.number("test series", "%d"));
      row.add(testing.series().size());
      columns.add(Table.Column.number("test " + measure, "%.4f"));
      row.add(tested);
    }
    return new Table(columns.toArray(Table.Column[]::new)).row(row.toArray());
  }
}
