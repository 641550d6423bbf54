package org.xlstm4j.cli.commands;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.cli.terminal.Progress;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.loader.tensors.TensorType;
import org.xlstm4j.models.image.ImageDecoder;
import org.xlstm4j.models.vision.PictureBatch;
import org.xlstm4j.models.vision.Prediction;
import org.xlstm4j.models.vision.VisionModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what is on pictures. */
@Command(
    name = "classify",
    description = "Classifies pictures (JPEG, PNG, GIF, BMP), one line for each.",
    footer = {
      "",
      "Examples:",
      "  xlstm classify boot.png",
      "  xlstm classify --top-k 3 --json models/pretrained/vil-fashion/images"
    })
final class ClassifyCommand extends Subcommand {
  private static final String DEFAULT_MODEL = "vil-fashion";

  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "Pictures, or folders: all pictures in them.")
  private List<Path> images = List.of();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "1",
      description = "Show the K most probable labels (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--features",
      paramLabel = "FILE",
      description = "Write what the classifier sees to a safetensors file, a row a picture.")
  private @Nullable Path features;

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws Exception {
    if (top < 1) {
      throw new UsageException("--top-k is " + top + ", expected 1 or more");
    }
    if (features != null) {
      WholeFile.requirePlace(features);
    }
    Team team = model.team();
    Path folder = model.folder(DEFAULT_MODEL);
    List<Path> files = PictureFiles.of(images);
    try (VisionModel vision = VisionModel.open(folder, model.load())) {
      int labels = labels(vision, folder);
      PictureResults results;
      try (Progress progress = new Progress(terminal, "classifying")) {
        results = new PictureResults(vision, files.size(), labels, features != null, progress);
        PictureBatch.run(vision, team, files.size(), i -> ImageDecoder.read(files.get(i)), results);
      }
      if (features != null) {
        write(features, files, results);
      }
      if (labels > 0) {
        Table table = table(files, results, labels);
        if (!table.rows().isEmpty()) {
          json.formatOr(TableFormat.TEXT).write(table, terminal.out());
        }
      }
      terminal.out().flush();
      tellFailures(files.size(), results, terminal);
    }
  }

  /** How many labels a picture gets. */
  private int labels(VisionModel vision, Path folder) throws IOException {
    int classes = vision.classes();
    if (vision.pools() && classes > 0) {
      return Math.min(top, classes);
    }
    if (features == null) {
      throw new IOException(
          folder + ": no labels for a whole picture, expected a classifier or --features FILE");
    }
    return 0;
  }

  private static Table table(List<Path> files, PictureResults results, int labels) {
    List<Table.Column> columns = new ArrayList<>();
    columns.add(Table.Column.text("image"));
    for (int rank = 1; rank <= labels; rank++) {
      String number = rank == 1 ? "" : " " + rank;
      columns.add(Table.Column.text("label" + number));
      columns.add(Table.Column.number("probability" + number, "%.4f"));
    }
    Table table = new Table(columns.toArray(Table.Column[]::new));
    for (int i = 0; i < files.size(); i++) {
      PictureResults.Outcome outcome = results.of(i);
      if (outcome.failure() == null) {
        List<@Nullable Object> row = new ArrayList<>();
        row.add(files.get(i).toString());
        for (Prediction prediction : outcome.predictions()) {
          row.add(prediction.name());
          row.add(prediction.probability());
        }
        table.row(row.toArray());
      }
    }
    return table;
  }

  /** One tensor, {@code features}; the pictures' names are in the file's metadata. */
  private static void write(Path target, List<Path> files, PictureResults results)
      throws IOException {
    List<PictureResults.Outcome> rows = new ArrayList<>();
    StringWriter names = new StringWriter();
    try (JsonGenerator list = new JsonFactory().createGenerator(names)) {
      list.writeStartArray();
      for (int i = 0; i < files.size(); i++) {
        if (results.of(i).failure() == null) {
          rows.add(results.of(i));
          list.writeString(files.get(i).toString());
        }
      }
      list.writeEndArray();
    }
    if (rows.isEmpty()) {
      return;
    }
    List<Long> shape = new ArrayList<>(List.of((long) rows.size()));
    for (int dimension : rows.getFirst().shape()) {
      shape.add((long) dimension);
    }
    SafetensorsWriter.Entry entry = new SafetensorsWriter.Entry("features", TensorType.F32, shape);
    Map<String, String> metadata = Map.of("images", names.toString());
    try (SafetensorsWriter writer = new SafetensorsWriter(target, List.of(entry), metadata)) {
      for (PictureResults.Outcome row : rows) {
        writer.write(row.features());
      }
      writer.finish();
    }
  }

  /** A line for each picture that failed; the last one becomes the command's own error. */
  private static void tellFailures(int count, PictureResults results, Terminal terminal)
      throws Exception {
    Exception last = null;
    for (int i = 0; i < count; i++) {
      Exception failure = results.of(i).failure();
      if (failure != null) {
        if (last != null) {
          terminal.err().println("xlstm: " + Failures.line(last));
        }
        last = failure;
      }
    }
    if (last != null) {
      throw last;
    }
  }
}
