package org.xlstm4j.loader.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that really are in a folder: a folder from a stranger may have links to files of the user's
 * that nobody meant to hand on.
 */
public final class FolderFiles {
  private FolderFiles() {}

  /**
   * Whether a file is one of a folder's own.
   *
   * @param folder of a model; it may be a link itself
   * @param file in it, or in a folder in it
   * @return true for a regular file that is there without links, or by links that stay in the
   *     folder; and if the folder is a snapshot in a model hub's cache, by links to the {@code
   *     blobs} that the cache has for its snapshots
   * @throws IOException if the system cannot tell
   */
  public static boolean isOwn(Path folder, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    Path real = file.toRealPath();
    Path realFolder = folder.toRealPath();
    return real.startsWith(realFolder) || isBlob(realFolder, real);
  }

  private static boolean isBlob(Path folder, Path file) {
    Path snapshots = folder.getParent();
    return snapshots != null
        && snapshots.endsWith("snapshots")
        && file.startsWith(snapshots.resolveSibling("blobs"));
  }
}
