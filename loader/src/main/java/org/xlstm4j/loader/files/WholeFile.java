package org.xlstm4j.loader.files;

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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A file that appears under its name only when it is whole and on the disk: it is written under
 * another name, synced and renamed, and then its folder is synced. If the program fails or is
 * interrupted, what was written is removed. A new file takes the permissions of the file that it
 * replaces; where the name is a symbolic link, the link stays and the file that it leads to is
 * replaced.
 *
 * <p>Not thread-safe.
 */
public final class WholeFile implements AutoCloseable {
  /** Links that may lead to a file, one behind the other; more are taken for a circle. */
  private static final int MOST_LINKS = 40;

  /** How long an ending program waits for a file that is to be finished. */
  private static final long PATIENCE_SECONDS = 60;

  private final Path file;
  private final Path target;
  private final Path beside;
  private final FileChannel channel;
  private final Thread atShutdown;
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean finished;

  /**
   * Starts a file. A program that is told to end removes it.
   *
   * @param file where it shall appear; replaced if it exists
   * @throws IOException if there cannot be such a file, see {@link #requirePlace}, or if the
   *     program is ending
   */
  public WholeFile(Path file) throws IOException {
    this(file, false);
  }

  /**
   * Starts a file of which nothing shall be lost: a program that is told to end waits until it is
   * closed, and one that is ending may still write it.
   *
   * @param file where it shall appear; replaced if it exists
   * @return the file
   * @throws IOException if there cannot be such a file, see {@link #requirePlace}
   */
  public static WholeFile finishedAtShutdown(Path file) throws IOException {
    return new WholeFile(file, true);
  }

  private WholeFile(Path file, boolean finishedAtShutdown) throws IOException {
    requirePlace(file);
    this.file = file;
    target = target(file);
    beside = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    atShutdown =
        new Thread(
            finishedAtShutdown ? this::awaitClosed : this::remove, "xlstm4j-unfinished-file");
    try {
      channel = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileSystemException e) {
      throw refused(e);
    }
    try {
      takePermissions();
      Runtime.getRuntime().addShutdownHook(atShutdown);
    } catch (IOException e) {
      discard();
      throw refused(e);
    } catch (IllegalStateException e) {
      if (!finishedAtShutdown) {
        discard();
        throw new IOException(file + ": the program is ending", e);
      }
    }
  }

  private void discard() throws IOException {
    channel.close();
    remove();
  }

  /** Where a name leads to, whether or not there is a file. */
  private static Path target(Path file) throws IOException {
    Path target = file;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemException(file.toString(), null, "a circle of symbolic links");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  /** Gives the new file, which is still empty, the permissions of the one it replaces. */
  private void takePermissions() throws IOException {
    if (Files.exists(target) && Files.getFileStore(beside).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(target));
    }
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
    Path folder = target(file).toAbsolutePath().getParent();
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
      Files.move(
          beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      FolderEntries.syncName(target);
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
    try {
      if (!finished) {
        channel.close();
        Files.deleteIfExists(beside);
      }
    } finally {
      closed.countDown();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atShutdown);
    } catch (IllegalStateException e) {
      // the program is ending: the hook runs, and finds nothing to remove
    }
  }

  private void awaitClosed() {
    try {
      if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        remove();
      }
    } catch (InterruptedException e) {
      remove();
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
