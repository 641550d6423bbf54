package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.xlstm4j.loader.Config;
import org.xlstm4j.models.tirex.TirexModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the shipped models. */
@Command(
    name = "models",
    description = "Lists the models that are shipped with xlstm, to be used by name.",
    footer = {"", "Example:", "  xlstm models"})
final class ModelsCommand extends Subcommand {
  @Mixin private JsonOption json = new JsonOption();

  @Override
  void run(Terminal terminal) throws IOException {
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

  /** The command that a model of this family is made for. */
  private static String command(Path folder) throws IOException {
    if (TirexModel.matches(folder)) {
      return "forecast";
    }
    return switch (Config.ofFolder(folder).textOr("model_type", "")) {
      case "vil" -> "classify";
      case "lram" -> "act";
      default -> "generate";
    };
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
  static String description(Path folder) throws IOException {
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
