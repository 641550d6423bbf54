package org.xlstm4j.loader.files;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void onlyFilesOfTheFolderAreItsOwn() throws IOException {
    Path secret = file("secret");
    Path own = file("cache/snapshots/1/a.csv");
    Path blob = file("cache/blobs/2");
    assertTrue(FolderFiles.isOwn(own));
    assertTrue(FolderFiles.isOwn(link("cache/snapshots/1/b.csv", own)));
    assertTrue(FolderFiles.isOwn(link("cache/snapshots/1/c.csv", Path.of("../../blobs/2"))));
    assertTrue(FolderFiles.isOwn(link("cache/snapshots/1/d.csv", blob)));
    assertFalse(FolderFiles.isOwn(link("cache/snapshots/1/e.csv", secret)));
    assertFalse(FolderFiles.isOwn(link("cache/snapshots/1/f.csv", Path.of("../../../secret"))));
    assertFalse(FolderFiles.isOwn(link("cache/snapshots/1/g.csv", temporary.resolve("none"))));
    assertFalse(FolderFiles.isOwn(own.getParent()));
    Path linked = link("linked", own.getParent());
    assertTrue(FolderFiles.isOwn(linked.resolve("a.csv")), "the folder itself may be a link");
  }
}
