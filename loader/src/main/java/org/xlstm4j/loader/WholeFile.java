package org.xlstm4j.loader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears under its name only when it is whole and on the disk: it is written beside,
 * synced and renamed. What a failure or an interrupted program leaves is removed.
 *
 * <p>Not thread-safe.
 */
public final class WholeFile implements AutoCloseable {
  private final Path file;
  private final Path beside;
  private final FileChannel channel;
  private final Thread atShutdown = new Thread(this::remove, "xlstm4j-remove-unfinished-file");
  private boolean finished;

  /**
   * Starts a file.
   *
   * @param file where it shall appear; replaced if it exists
   * @throws IOException if there cannot be such a file, see {@link #requirePlace}
   */
  public WholeFile(Path file) throws IOException {
    requirePlace(file);
    this.file = file;
    beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      channel = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileSystemException e) {
      throw refused(e);
    }
    Runtime.getRuntime().addShutdownHook(atShutdown);
  }

  /**
   * Checks that a file can be written, as far as that shows beforehand. A program that works long
   * for its result calls this first.
   *
   * @param file where it shall appear
   * @throws IOException if its folder does not exist or cannot be written to, or something else
   *     than a file has this name
   */
  public static void requirePlace(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || (Files.exists(file) && !Files.isRegularFile(file))) {
      throw new FileSystemException(file.toString(), null, "not a file, which could be replaced");
    }
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    if (!Files.isWritable(folder)) {
      throw new FileSystemException(folder.toString(), null, "the folder cannot be written to");
    }
  }

  /**
   * Appends bytes.
   *
   * @param data all of its remaining bytes are taken
   * @throws IOException if the disk does not take them; the message names the file
   */
  public void write(ByteBuffer data) throws IOException {
    try {
      while (data.hasRemaining()) {
        channel.write(data);
      }
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /**
   * Makes the file appear under its name.
   *
   * @throws IOException if the disk does not take it
   */
  public void finish() throws IOException {
    try {
      channel.force(true);
      channel.close();
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw refused(e);
    }
    finished = true;
  }

  /** The same failure under the name that the caller knows. */
  private IOException refused(IOException failure) {
    String reason =
        failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
    return new IOException(file + ": " + (reason == null ? "cannot be written" : reason), failure);
  }

  /** Removes what was written, unless the file is finished. */
  @Override
  public void close() throws IOException {
    if (!finished) {
      channel.close();
      Files.deleteIfExists(beside);
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atShutdown);
    } catch (IllegalStateException e) {
      // the program is ending: the hook runs, and finds nothing to remove
    }
  }

  private void remove() {
    try {
      Files.deleteIfExists(beside);
    } catch (IOException e) {
      // the program is ending, nobody is there to be told
    }
  }
}
