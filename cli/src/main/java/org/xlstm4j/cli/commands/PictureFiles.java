package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The pictures that paths on the command line stand for. */
final class PictureFiles {
  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "gif", "bmp");

  private PictureFiles() {}

  /**
   * Files as they are given, and of folders the files within that are called as pictures are, in
   * the order of their paths.
   *
   * @throws IOException if a folder has none, or cannot be listed
   */
  static List<Path> of(List<Path> paths) throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        List<Path> found = within(path);
        if (found.isEmpty()) {
          throw new IOException(path + ": no picture, expected .jpg, .jpeg, .png, .gif or .bmp");
        }
        all.addAll(found);
      } else {
        all.add(path);
      }
    }
    return all;
  }

  private static List<Path> within(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(PictureFiles::isPicture).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName().toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return ENDINGS.contains(ending) && Files.isRegularFile(file);
  }
}
