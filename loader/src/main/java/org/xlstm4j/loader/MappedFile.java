package org.xlstm4j.loader;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.xlstm4j.engine.PageAdvice;
import org.xlstm4j.loader.files.FileKind;

/**
 * A file and its bytes in memory.
 *
 * @param path the file
 * @param bytes its whole content, read-only, alive as long as the arena it was mapped in
 */
record MappedFile(Path path, MemorySegment bytes) {
  /** Smaller files are not worth the time that the first native call of a process takes. */
  private static final long LARGE = 64L << 20;

  /**
   * Maps a regular, non-empty file.
   *
   * @throws ModelFormatException if there is no such file, or it is a folder, device or empty
   * @throws IOException if the system refuses
   */
  static MappedFile map(Path path, Arena arena) throws IOException {
    requireFile(path);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0) {
        throw ModelFormatException.of(path, "file", "a model's data", "an empty file");
      }
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      if (size >= LARGE) {
        PageAdvice.largePages(bytes);
      }
      return new MappedFile(path, bytes);
    }
  }

  /**
   * Refuses what is not a regular file, since opening a pipe or a device could wait for ever, and
   * what stands for a file that was not downloaded.
   */
  static void requireFile(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw ModelFormatException.of(
          path,
          "file",
          "a readable file",
          Files.isDirectory(path)
              ? "a folder"
              : Files.exists(path) ? "something that is no regular file" : missing(path));
    }
    FileKind.requireDownloaded(path);
  }

  /** Whether something has this name, if only a link to what is not there. */
  static boolean isNamed(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static String missing(Path path) {
    return isNamed(path) ? "a link to a file that is not there" : "no such file";
  }
}
