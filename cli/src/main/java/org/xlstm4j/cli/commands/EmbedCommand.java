package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.loader.tensors.TensorType;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.embedding.EmbeddingModel;
import org.xlstm4j.models.embedding.EmbeddingOptions;
import org.xlstm4j.models.embedding.LinearHead;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes vectors of time series, or classes or values of these. */
@Command(
    name = "embed",
    description = {
      "Makes a vector of each time series of a file; with a head, a class or a value.",
      "Writes comma-separated values, one line per series.",
      "Without -m by the shipped " + EmbedCommand.DEFAULT_MODEL + "."
    },
    footer = {
      "",
      "Examples:",
      "  xlstm embed waves.csv --rows --label 1 > embeddings.csv",
      "  xlstm embed sensors.csv --column inlet,outlet --output sensors.safetensors",
      "  xlstm embed waves.csv --rows --label kind --head waves.safetensors --json"
    })
final class EmbedCommand extends Subcommand {
  static final String DEFAULT_MODEL = "tirex-mini";
  private static final String SAFETENSORS = ".safetensors";

  @Mixin private ModelOptions model = new ModelOptions();

  @Parameters(
      paramLabel = "FILE.csv",
      description = "Separated values; empty fields are missing values; - reads standard input.")
  private String file = "";

  @Option(
      names = "--column",
      paramLabel = "C",
      description =
          "A series is a column, oldest value first: its heading, or its number from 1; several"
              + " with commas between, or as several options.")
  private List<String> columns = List.of();

  @Option(names = "--rows", description = "A series is a row, oldest value first.")
  private boolean rows;

  @Mixin private SeriesSetOptions series = new SeriesSetOptions();

  @Option(
      names = "--augment",
      description =
          "Add the embedding of the differences, and statistics, which are relative to the file's"
              + " series or, with a head, to those it was fitted to.")
  private boolean augment;

  @Option(
      names = "--head",
      paramLabel = "FILE",
      description = "Linear head (xlstm fit, or the original's .pt): classes or values instead.")
  private @Nullable Path headFile;

  @Option(
      names = "--output",
      paramLabel = "OUT.safetensors",
      description = "Write the embeddings there, and the head's outputs, instead of a table.")
  private @Nullable Path output;

  @Mixin private CellOption cell = new CellOption();
  @Mixin private JsonOption json = new JsonOption();

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException {
    check();
    SlstmCell.Arithmetic arithmetic = cell.arithmetic();
    if (output != null) {
      WholeFile.requirePlace(output);
    }
    LinearHead head = null;
    if (headFile != null) {
      head = LinearHead.read(headFile);
      head.requireUse(headFile, augment);
    }
    SeriesSet set =
        rows ? series.rows(file, terminal.in()) : series.columns(file, terminal.in(), columns);
    SeriesEmbedding.sayRemarks(terminal, "embed", set);
    EmbeddingOptions options = head == null ? new EmbeddingOptions(augment, null) : head.options();
    List<float[]> embeddings;
    try (EmbeddingModel opened =
        Models.open(model.folder(DEFAULT_MODEL), EmbeddingModel.class, arithmetic, model.load())) {
      SeriesEmbedding embedding = new SeriesEmbedding(opened, model.team());
      if (headFile != null && head != null) {
        head.requireWidth(headFile, embedding.width(set, head.augment()));
      }
      embeddings = embedding.embed(file, set, options);
    }
    if (output != null) {
      write(output, embeddings, head);
    } else {
      Table table = head == null ? ofEmbeddings(set, embeddings) : ofOutputs(set, embeddings, head);
      json.formatOr(TableFormat.CSV).write(table, terminal.out());
      terminal.out().flush();
    }
  }

  private void check() {
    if (rows != columns.isEmpty()) {
      throw new UsageException(
          rows
              ? "--rows and --column exclude each other"
              : "expected --rows, or --column for each series");
    }
    if (series.hasLabel() && !rows) {
      throw new UsageException("--label is of no use without --rows");
    }
    if (output != null && !output.toString().endsWith(SAFETENSORS)) {
      throw new UsageException(
          "--output is "
              + output
              + ", expected a name that ends in "
              + SAFETENSORS
              + "; a table goes to standard output");
    }
    if (output != null && json.given()) {
      throw new UsageException("--json writes to standard output, and --output makes a file");
    }
  }

  private static void write(Path file, List<float[]> embeddings, @Nullable LinearHead head)
      throws IOException {
    long count = embeddings.size();
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    entries.add(entry("embedding", count, embeddings.getFirst().length));
    if (head != null) {
      entries.add(entry("output", count, head.outputs()));
    }
    try (SafetensorsWriter writer = new SafetensorsWriter(file, entries, Map.of())) {
      for (float[] embedding : embeddings) {
        writer.write(embedding);
      }
      if (head != null) {
        for (float[] embedding : embeddings) {
          writer.write(head.apply(embedding));
        }
      }
      writer.finish();
    }
  }

  private static SafetensorsWriter.Entry entry(String name, long count, long width) {
    return new SafetensorsWriter.Entry(name, TensorType.F32, List.of(count, width));
  }

  private static List<Table.Column> columns(SeriesSet set) {
    List<Table.Column> columns = new ArrayList<>();
    columns.add(Table.Column.text("series"));
    if (!set.labels().isEmpty()) {
      columns.add(Table.Column.text("label"));
    }
    return columns;
  }

  private static List<Object> row(SeriesSet set, int index) {
    List<Object> row = new ArrayList<>();
    row.add(set.names().get(index));
    if (!set.labels().isEmpty()) {
      row.add(set.labels().get(index));
    }
    return row;
  }

  private static Table ofEmbeddings(SeriesSet set, List<float[]> embeddings) {
    List<Table.Column> columns = columns(set);
    for (int i = 0; i < embeddings.getFirst().length; i++) {
      columns.add(Table.Column.number("e" + i, "%g"));
    }
    Table table = new Table(columns.toArray(Table.Column[]::new));
    for (int s = 0; s < embeddings.size(); s++) {
      List<Object> row = row(set, s);
      for (float value : embeddings.get(s)) {
        row.add(value);
      }
      table.row(row.toArray());
    }
    return table;
  }

  private static Table ofOutputs(SeriesSet set, List<float[]> embeddings, LinearHead head) {
    boolean classifies = head.kind() == LinearHead.Kind.CLASSIFICATION;
    List<Table.Column> columns = columns(set);
    if (classifies) {
      columns.add(Table.Column.text("class"));
    }
    for (String label : head.labels()) {
      columns.add(Table.Column.number((classifies ? "p " : "") + label, "%g"));
    }
    Table table = new Table(columns.toArray(Table.Column[]::new));
    for (int s = 0; s < embeddings.size(); s++) {
      List<Object> row = row(set, s);
      float[] outputs = head.apply(embeddings.get(s));
      if (classifies) {
        row.add(head.labels().get(LinearHead.best(outputs)));
        outputs = LinearHead.probabilities(outputs);
      }
      for (float value : outputs) {
        row.add(value);
      }
      table.row(row.toArray());
    }
    return table;
  }
}
