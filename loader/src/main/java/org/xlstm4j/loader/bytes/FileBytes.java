package org.xlstm4j.loader.bytes;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.xlstm4j.engine.system.LargeMemory;
import org.xlstm4j.engine.system.PageAdvice;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * A file and its bytes in memory.
 *
 * @param path the file
 * @param bytes its whole content, read-only, alive as long as the arena it was opened in
 */
public record FileBytes(Path path, MemorySegment bytes) {
  /** Smaller files are not worth the time that the first native call of a process takes. */
  private static final long LARGE = 64L << 20;

  /** Bytes that are asked for at once when a file is read. */
  static final int PIECE = 8 << 20;

  /** The length of a line of the processor's cache, where memory for a file begins. */
  private static final int ALIGNMENT = 64;

  /**
   * Opens a regular, non-empty file: maps it, or reads it into memory.
   *
   * @throws ModelFormatException if there is no such file, it is a folder, device or empty, or it
   *     shrinks while it is read
   * @throws IOException if the system refuses
   */
  public static FileBytes open(Path path, Arena arena, LoadOption... options) throws IOException {
    requireFile(path);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0) {
        throw ModelFormatException.of(path, "file", "a model's data", "an empty file");
      }
      return LoadOption.IN_MEMORY.in(options)
          ? read(path, channel, size, arena)
          : map(path, channel, size, arena);
    }
  }

  private static FileBytes map(Path path, FileChannel channel, long size, Arena arena)
      throws IOException {
    MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
    if (size >= LARGE) {
      PageAdvice.largePages(bytes);
    }
    return new FileBytes(path, bytes);
  }

  /**
   * Reads a file in pieces.
   *
   * @param size the file's length when it was opened
   * @throws ModelFormatException if the file has become shorter
   */
  static FileBytes read(Path path, FileChannel channel, long size, Arena arena) throws IOException {
    MemorySegment bytes =
        size >= LARGE ? LargeMemory.allocate(size, arena) : arena.allocate(size, ALIGNMENT);
    long at = 0;
    while (at < size) {
      ByteBuffer piece = bytes.asSlice(at, Math.min(PIECE, size - at)).asByteBuffer();
      int count = channel.read(piece, at);
      if (count < 0) {
        throw ModelFormatException.of(
            path,
            "byte " + at,
            "a file that stays " + size + " bytes long",
            "its end: it was truncated while it was read");
      }
      at += count;
    }
    return new FileBytes(path, bytes.asReadOnly());
  }

  /**
   * Refuses what is not a regular file, since opening a pipe or a device could wait for ever, and
   * what stands for a file that was not downloaded.
   */
  public static void requireFile(Path path) throws IOException {
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
  public static boolean isNamed(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static String missing(Path path) {
    return isNamed(path) ? "a link to a file that is not there" : "no such file";
  }
}
