package org.xlstm4j.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.xlstm4j.cli.hub.HubEnvironment;
import org.xlstm4j.cli.hub.HubName;
import org.xlstm4j.cli.hub.ModelCache;

/**
 * Finds models: by their path, or by name those that are shipped and those that were pulled.
 *
 * @param shipped the folder of the shipped models, a folder each; it need not exist
 * @param hub says where pulled models are
 */
public record ModelLocator(Path shipped, HubEnvironment hub) {
  /**
   * Where this process finds models: the folder the launcher names, else {@code models} next to the
   * Java it runs on; and the cache of the hub's tools.
   */
  public static ModelLocator ofProcess() {
    String folder = System.getProperty("xlstm4j.pretrained");
    return new ModelLocator(
        folder == null ? Path.of(System.getProperty("java.home"), "models") : Path.of(folder),
        HubEnvironment.ofProcess());
  }

  /**
   * The path of a model.
   *
   * @param model a path, the name of a shipped model, or that of a pulled one
   * @throws IOException if there is none of them
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
    HubName published = HubName.parse(model);
    if (published != null) {
      Path pulled = new ModelCache(hub.cache(), published).find();
      if (pulled != null) {
        return pulled;
      }
      throw new IOException(
          model + ": no such folder, and not pulled yet; if it is published: xlstm pull " + model);
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
