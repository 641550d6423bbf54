package org.xlstm4j.cli.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.loader.files.WholeFile;

/** Puts a blob into a snapshot under its name, in the best way that the file system has. */
interface SnapshotLink {
  /** All ways, best first: the last one always works, but takes the space once more. */
  List<SnapshotLink> ALL =
      List.of(
          SnapshotLink::symbolic, (blob, name) -> Files.createLink(name, blob), SnapshotLink::copy);

  /**
   * Puts a blob at a name that is free.
   *
   * @throws UnsupportedOperationException if the file system knows nothing of the kind
   */
  void place(Path blob, Path name) throws IOException;

  /** Puts a blob at a name by the first way that works. */
  static void place(Path blob, Path name, List<SnapshotLink> ways) throws IOException {
    for (SnapshotLink way : ways.subList(0, ways.size() - 1)) {
      try {
        way.place(blob, name);
        return;
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (UnsupportedOperationException | FileSystemException e) {
        // the next one: not every file system has links, and Windows lets only some users make them
      }
    }
    ways.getLast().place(blob, name);
  }

  private static void symbolic(Path blob, Path name) throws IOException {
    Path folder = Objects.requireNonNull(name.toAbsolutePath().getParent());
    Files.createSymbolicLink(name, folder.relativize(blob.toAbsolutePath()));
  }

  private static void copy(Path blob, Path name) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(1 << 20);
    try (FileChannel from = FileChannel.open(blob);
        WholeFile to = new WholeFile(name)) {
      while (from.read(piece) >= 0) {
        to.write(piece.flip());
        piece.clear();
      }
      to.finish();
    }
  }
}
