package org.xlstm4j.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.ModelLocator;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.vision.VisionModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the shipped models. */
@Command(
    name = "models",
    description = "Lists the models that are shipped with xlstm, to be used by name.",
    footer = {"", "Example:", "  xlstm models"})
public final class ModelsCommand extends Subcommand {
  private static final Map<Class<?>, String> COMMANDS =
      Map.of(
          LanguageModel.class, "generate",
          VisionModel.class, "classify",
          ActionModel.class, "act",
          ForecastModel.class, "forecast");

  @Mixin private JsonOption json = new JsonOption();

  @Override
  public void run(Terminal terminal) throws IOException {
    ModelLocator locator = ModelLocator.ofProcess();
    Table table =
        new Table(
            Table.Column.text("model"),
            Table.Column.text("for"),
            Table.Column.number("megabytes", "%.1f"),
            Table.Column.text("description"));
    for (Path folder : locator.folders()) {
      table.row(
          folder.getFileName().toString(),
          command(folder),
          weightBytes(folder) / 1e6,
          description(folder));
    }
    json.formatOr(TableFormat.TEXT).write(table, terminal.out());
    if (terminal.progress()) {
      terminal.err().println("Folder: " + locator.shipped());
    }
  }

  /** The command that a model is made for. */
  private static String command(Path folder) throws IOException {
    Class<?> capability = Models.family(folder).capability();
    return COMMANDS.getOrDefault(capability, "run");
  }

  private static long weightBytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path file : (Iterable<Path>) entries::iterator) {
        String name = file.getFileName().toString();
        if (name.startsWith("model") && name.endsWith(".safetensors")) {
          bytes += Files.size(file);
        }
      }
    }
    return bytes;
  }

  /** How the model's README begins, up to the first colon or full stop, without asides. */
  public static String description(Path folder) throws IOException {
    Path readme = folder.resolve("README.md");
    if (!Files.isRegularFile(readme)) {
      return "";
    }
    List<String> lines = Files.readAllLines(readme, UTF_8);
    String paragraph =
        lines.stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .findFirst()
            .orElse("");
    return paragraph.replaceAll(" \\([^()]*\\)", "").split("[.:] |[.:]$", 2)[0].replace("`", "");
  }
}
