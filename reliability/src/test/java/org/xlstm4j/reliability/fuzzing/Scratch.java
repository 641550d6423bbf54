package org.xlstm4j.reliability.fuzzing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for readers that want a file, best in memory: {@code java.io.tmpdir} decides. */
final class Scratch {
  private static final Path FOLDER = create();

  private Scratch() {}

  private static Path create() {
    try {
      Path folder = Files.createTempDirectory("xlstm4j-fuzzing");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) {
    try (var files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder in it. */
  static Path folder(String name) throws IOException {
    return Files.createDirectories(FOLDER.resolve(name));
  }

  /** A file in it with this content, in place of that before. */
  static Path file(String name, byte[] content) throws IOException {
    Path file = FOLDER.resolve(name);
    Files.write(file, content);
    return file;
  }
}
