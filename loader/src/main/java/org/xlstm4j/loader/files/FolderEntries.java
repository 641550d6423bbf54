package org.xlstm4j.loader.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The names in a folder, which are data on the disk as well. */
public final class FolderEntries {
  private FolderEntries() {}

  /**
   * Waits until the names in a folder are on the disk: a file that was renamed is there under its
   * new name even if the power fails. Best effort, since some systems cannot sync folders.
   *
   * @param folder with the names
   */
  public static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // the file is there, and would be lost only with the power
    }
  }

  /**
   * Waits until a file's name is on the disk, as {@link #sync} does.
   *
   * @param file in any folder
   */
  public static void syncName(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      sync(folder);
    }
  }
}
