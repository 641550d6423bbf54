package org.xlstm4j.cli.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems that have links, and those that have none. */
class SnapshotLinkTest {
  private static final byte[] CONTENT = FakeHub.random(3_000_000);

  @TempDir private Path folder;
  private Path blob;
  private Path name;

  @BeforeEach
  void write() throws IOException {
    blob = Files.write(folder.resolve("blob"), CONTENT);
    name = folder.resolve("name");
  }

  private void place(List<SnapshotLink> ways) throws IOException {
    SnapshotLink.place(blob, name, ways);
    assertArrayEquals(CONTENT, Files.readAllBytes(name));
    assertTrue(Files.exists(blob));
  }

  @Test
  void aLinkWithAPathIsFirst() throws IOException {
    place(SnapshotLink.ALL);
    assertEquals(Path.of("blob"), Files.readSymbolicLink(name));
  }

  @Test
  void aSecondNameIsNext() throws IOException {
    place(SnapshotLink.ALL.subList(1, 3));
    assertFalse(Files.isSymbolicLink(name));
    assertTrue(Files.isSameFile(blob, name));
  }

  @Test
  void aCopyIsLast() throws IOException {
    SnapshotLink none =
        (from, to) -> {
          throw new UnsupportedOperationException("no links");
        };
    SnapshotLink forbidden =
        (from, to) -> {
          throw new FileSystemException("a privilege is missing");
        };
    place(List.of(none, forbidden, SnapshotLink.ALL.getLast()));
    assertFalse(Files.isSymbolicLink(name) || Files.isSameFile(blob, name));
  }

  @Test
  void whatIsThereIsNotReplaced() throws IOException {
    Files.writeString(name, "other");
    assertThrows(
        FileAlreadyExistsException.class, () -> SnapshotLink.place(blob, name, SnapshotLink.ALL));
    assertEquals("other", Files.readString(name));
  }

  @Test
  void aModelWithoutLinksIsFound() throws IOException {
    try (FakeHub hub = new FakeHub(folder.resolve("home"))) {
      ModelCache cache =
          new ModelCache(
              hub.environment().cache(), FakeHub.name("org/model"), SnapshotLink.ALL.subList(2, 3));
      hub.run();
      for (String path : List.of("config.json", "model.safetensors")) {
        Path file = cache.find().resolve(path);
        Files.delete(file);
        HubFile described = HubFile.of(path, hub.files.get(path).length, hub.digest(path));
        cache.link(described, hub.commit);
        assertFalse(Files.isSymbolicLink(file));
        assertArrayEquals(hub.files.get(path), Files.readAllBytes(file));
        cache.link(described, hub.commit);
        assertFalse(Files.isSymbolicLink(file));
      }
    }
  }
}
