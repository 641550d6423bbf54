package org.xlstm4j.models.language;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * States of sessions in a folder, a {@link KeptStateFile} each. A file appears as a whole or not at
 * all, so the folder is as good after a crash as before. Files that are damaged or of another model
 * are removed; those that are not called as a state is are never touched. Where room is short, the
 * file whose last use is the longest ago goes. One process at a time has the folder. Thread-safe.
 */
final class StateFolder implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("org.xlstm4j.models");
  private static final Pattern UNFINISHED =
      Pattern.compile("\\." + KeptStateFile.NAME.pattern() + "\\..*\\.tmp");

  private final Path folder;
  private final KeptStateFile format;
  private final long capacity;
  private final FileChannel lockChannel;
  private final PrefixIndex<Path> index = new PrefixIndex<>();
  private final Set<Path> unfinished = new HashSet<>();

  /** Of the files, and of those that are being written. */
  private long bytes;

  private long discarded;
  private boolean failed;

  /**
   * Opens a folder, which is made if there is none.
   *
   * @param capacity most bytes of its files
   * @throws IOException if it cannot be used, or another process has it
   */
  StateFolder(LanguageModel model, Path folder, long capacity) throws IOException {
    this.folder = folder;
    this.capacity = capacity;
    format = new KeptStateFile(model);
    Files.createDirectories(folder);
    lockChannel = lock(folder);
    boolean whole = false;
    try {
      read();
      synchronized (this) {
        makeRoom(0);
      }
      whole = true;
    } finally {
      if (!whole) {
        lockChannel.close();
      }
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // of this process: said below
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new FileSystemException(folder.toString(), null, "another cache uses this folder");
    }
    return channel;
  }

  /** A file that is there. */
  @SuppressWarnings("ArrayRecordComponent") // read here alone
  private record Found(Path file, int[] tokens, FileTime used) {}

  private void read() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    List<Found> found = new ArrayList<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (UNFINISHED.matcher(name).matches()) {
        Files.deleteIfExists(file);
      } else if (KeptStateFile.NAME.matcher(name).matches()) {
        int[] tokens = format.tokens(file);
        if (tokens == null) {
          discard(file);
        } else {
          found.add(new Found(file, tokens, Files.getLastModifiedTime(file)));
        }
      }
    }
    found.sort(Comparator.comparing(Found::used));
    for (Found one : found) {
      index.put(new PrefixIndex.Entry<>(one.tokens(), one.file()));
      bytes += format.size(one.tokens().length);
    }
  }

  synchronized int longest(int[] tokens) {
    PrefixIndex.Entry<Path> found = index.longest(tokens);
    return found == null ? 0 : found.tokens().length;
  }

  /** Reads a state; false if it is no longer there or damaged, and then it is gone. */
  boolean restore(int[] tokens, int length, LanguageSession session) {
    PrefixIndex.Entry<Path> found;
    synchronized (this) {
      found = index.use(tokens, length);
    }
    if (found == null) {
      return false;
    }
    if (format.read(found.value(), found.tokens(), session)) {
      used(found.value());
      return true;
    }
    synchronized (this) {
      if (index.remove(found)) {
        bytes -= format.size(length);
        discard(found.value());
      }
    }
    return false;
  }

  /** Notes the use of a state that was found elsewhere. */
  void use(int[] tokens, int length) {
    PrefixIndex.Entry<Path> found;
    synchronized (this) {
      found = index.use(tokens, length);
    }
    if (found != null) {
      used(found.value());
    }
  }

  private static void used(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // it goes a little earlier than it should
    }
  }

  /**
   * Writes a state, unless one with the same tokens is there or being written by another thread; it
   * is on the disk afterwards.
   */
  void keep(int[] tokens, LanguageSession session) {
    long size = format.size(tokens.length);
    Path file = folder.resolve(format.name(tokens));
    synchronized (this) {
      if (size > capacity || index.use(tokens, tokens.length) != null || !unfinished.add(file)) {
        return;
      }
      makeRoom(size);
      bytes += size;
    }
    boolean written = false;
    try {
      format.write(file, tokens, session);
      written = true;
    } catch (IOException e) {
      warn(e);
    }
    synchronized (this) {
      bytes -= size;
      unfinished.remove(file);
      if (written) {
        add(new PrefixIndex.Entry<>(tokens.clone(), file));
      }
    }
  }

  private void add(PrefixIndex.Entry<Path> entry) {
    PrefixIndex.Entry<Path> replaced = index.put(entry);
    if (replaced != null) {
      bytes -= format.size(replaced.tokens().length);
      delete(replaced.value());
    }
    bytes += format.size(entry.tokens().length);
  }

  private void makeRoom(long size) {
    Iterator<PrefixIndex.Entry<Path>> eldest = index.iterator();
    while (bytes + size > capacity && eldest.hasNext()) {
      PrefixIndex.Entry<Path> entry = eldest.next();
      eldest.remove();
      bytes -= format.size(entry.tokens().length);
      delete(entry.value());
    }
  }

  private void discard(Path file) {
    discarded++;
    delete(file);
  }

  private void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      warn(e);
    }
  }

  /** Once: a disk that is full stays full for a while. */
  private void warn(IOException failure) {
    if (!failed) {
      failed = true;
      LOG.log(System.Logger.Level.WARNING, "states are not kept on disk: " + failure.getMessage());
    }
  }

  synchronized int count() {
    return index.size();
  }

  synchronized long byteSize() {
    return bytes;
  }

  synchronized long discarded() {
    return discarded;
  }

  /** Lets another process have the folder. */
  @Override
  public void close() throws IOException {
    lockChannel.close();
  }
}
