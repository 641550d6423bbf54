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
   * Whether a file is one of its folder's own.
   *
   * @param file in a folder
   * @return true for a regular file that is no link, or a link that leads to one in the same
   *     folder, or in the {@code blobs} of a model hub's cache if the folder is one of its
   *     snapshots
   * @throws IOException if the system cannot tell
   */
  public static boolean isOwn(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    Path real = file.toRealPath();
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      return false;
    }
    Path realFolder = folder.toRealPath();
    return real.startsWith(realFolder)
        || real.startsWith(realFolder.resolve("../../blobs").normalize());
  }
}
