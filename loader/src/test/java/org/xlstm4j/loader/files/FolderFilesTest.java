package org.xlstm4j.loader.files;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links within a folder, out of it, and in a hub's cache. */
class FolderFilesTest {
  @TempDir private Path temporary;

  private Path link(String name, Path target) throws IOException {
    Path link = temporary.resolve(name);
    Files.createDirectories(link.getParent());
    return Files.createSymbolicLink(link, target);
  }

  private Path file(String name) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "text");
  }

  private static boolean isOwn(Path file) throws IOException {
    return FolderFiles.isOwn(Objects.requireNonNull(file.getParent()), file);
  }

  @Test
  void onlyFilesOfTheFolderAreItsOwn() throws IOException {
    Path secret = file("secret");
    Path own = file("cache/snapshots/1/a.csv");
    Path folder = Objects.requireNonNull(own.getParent());
    Path blob = file("cache/blobs/2");
    assertTrue(isOwn(own));
    assertTrue(isOwn(link("cache/snapshots/1/b.csv", own)));
    assertTrue(isOwn(link("cache/snapshots/1/c.csv", Path.of("../../blobs/2"))));
    assertTrue(isOwn(link("cache/snapshots/1/d.csv", blob)));
    assertFalse(isOwn(link("cache/snapshots/1/e.csv", secret)));
    assertFalse(isOwn(link("cache/snapshots/1/f.csv", Path.of("../../../secret"))));
    assertFalse(isOwn(link("cache/snapshots/1/g.csv", temporary.resolve("none"))));
    assertFalse(isOwn(folder));
    assertTrue(isOwn(link("linked", folder).resolve("a.csv")), "the folder itself may be a link");
    assertFalse(isOwn(link("cache/models/1/h.csv", Path.of("../../blobs/2"))), "no snapshot");
  }

  @Test
  void foldersInTheFolderAreHeldToTheSame() throws IOException {
    Path folder = temporary.resolve("cache/snapshots/1");
    file("cache/blobs/2");
    assertTrue(FolderFiles.isOwn(folder, file("cache/snapshots/1/images/a.png")));
    assertTrue(
        FolderFiles.isOwn(
            folder, link("cache/snapshots/1/images/b.png", Path.of("../../../blobs/2"))));
    file("private/c.png");
    Path linked = link("cache/snapshots/1/pictures", temporary.resolve("private"));
    assertFalse(FolderFiles.isOwn(folder, linked.resolve("c.png")));
  }
}
