package org.xlstm4j.loader.quantize;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.xlstm4j.loader.files.FolderEntries;

/**
 * A folder that appears under its name only when it is whole and on the disk: it is filled beside,
 * synced and renamed, and then the folder around it is synced. What a failure or an interrupt of
 * the process leaves is removed.
 *
 * <p>Not thread-safe.
 */
final class NewFolder implements AutoCloseable {
  private static final String EXISTS = "exists already";

  private final Path target;
  private final Path beside;
  private final Thread remover;
  private boolean finished;

  /**
   * Starts a folder.
   *
   * @param target where it shall appear; nothing may be there
   * @throws FileAlreadyExistsException if there is something
   * @throws IOException if the parent cannot be written to
   */
  NewFolder(Path target) throws IOException {
    this.target = target.toAbsolutePath().normalize();
    if (Files.exists(this.target)) {
      throw new FileAlreadyExistsException(target.toString(), null, EXISTS);
    }
    Path parent = this.target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException(target + ": there is no folder " + parent + " to write it into");
    }
    // not a temporary folder of the library's making, which nobody else could read
    beside = parent.resolve("." + this.target.getFileName() + "-" + UUID.randomUUID());
    Files.createDirectory(beside);
    remover = new Thread(this::remove);
    Runtime.getRuntime().addShutdownHook(remover);
  }

  /** Where the folder's files are to be written until it is finished. */
  Path path() {
    return beside;
  }

  /** Writes a text file. */
  void write(String name, String text) throws IOException {
    Path file = beside.resolve(name);
    Files.writeString(file, text);
    sync(file);
  }

  /** Copies a file into the folder. */
  void copy(Path source) throws IOException {
    Path file = beside.resolve(source.getFileName());
    // the content alone: a file that may only be read would give a copy that cannot be written
    try (InputStream in = Files.newInputStream(source)) {
      Files.copy(in, file);
    }
    sync(file);
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Makes the folder appear under its name. */
  void finish() throws IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString(), null, EXISTS);
    }
    FolderEntries.sync(beside);
    Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
    finished = true;
    FolderEntries.syncName(target);
  }

  private void remove() {
    try (Stream<Path> files = Files.walk(beside)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // the process ends or another error is on its way: what is left has a name with a dot
      finished = false;
    }
  }

  /** Removes what was written, unless the folder is finished. */
  @Override
  public void close() {
    if (!finished) {
      remove();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(remover);
    } catch (IllegalStateException e) {
      // the process ends: the hook has run or finds nothing
      return;
    }
  }
}
