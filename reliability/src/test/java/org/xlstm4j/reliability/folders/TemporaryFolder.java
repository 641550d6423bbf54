package org.xlstm4j.reliability.folders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders for a while, best in memory: {@code java.io.tmpdir} decides. */
public final class TemporaryFolder {
  private TemporaryFolder() {}

  /** A folder that is removed when the JVM ends. */
  public static Path ofProcess(String name) throws IOException {
    Path folder = Files.createTempDirectory("xlstm4j-" + name);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> removeAtTheEnd(folder)));
    return folder;
  }

  private static void removeAtTheEnd(Path folder) {
    try {
      remove(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a folder and all that is in it. */
  public static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
