package org.xlstm4j.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds models: by their path, or by name those that are shipped.
 *
 * @param shipped the folder of the shipped models, a folder each; it need not exist
 */
public record ModelLocator(Path shipped) {
  /**
   * Where this process finds models: the folder the launcher names, else {@code models} next to the
   * Java it runs on.
   */
  public static ModelLocator ofProcess() {
    String folder = System.getProperty("xlstm4j.pretrained");
    return new ModelLocator(
        folder == null ? Path.of(System.getProperty("java.home"), "models") : Path.of(folder));
  }

  /**
   * The path of a model.
   *
   * @param model a path, or the name of a shipped model
   * @throws IOException if there is neither
   */
  public Path find(String model) throws IOException {
    Path path = Path.of(model);
    if (Files.exists(path)) {
      return path;
    }
    for (Path folder : folders()) {
      if (folder.getFileName().equals(path)) {
        return folder;
      }
    }
    List<String> names = folders().stream().map(folder -> folder.getFileName().toString()).toList();
    throw new IOException(
        model
            + ": no such folder and no shipped model of that name; found "
            + (names.isEmpty() ? "none in " + shipped : String.join(", ", names)));
  }

  /** The folders of the shipped models in the order of their names. */
  public List<Path> folders() throws IOException {
    if (!Files.isDirectory(shipped)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(shipped)) {
      return entries
          .filter(folder -> Files.isRegularFile(folder.resolve("config.json")))
          .sorted()
          .toList();
    }
  }
}
