package org.xlstm4j.reliability.fuzzing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xlstm4j.reliability.folders.TemporaryFolder;

/** A folder for readers that want a file. */
final class Scratch {
  private static final Path FOLDER = create();

  private Scratch() {}

  private static Path create() {
    try {
      return TemporaryFolder.ofProcess("fuzzing");
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
