package org.xlstm4j.loader.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.tensors.TensorType;

class WholeFileTest {
  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  @Test
  void aFinishedFileReplacesTheOldOne() throws IOException {
    Path file = Files.writeString(folder.resolve("result"), "old");
    try (WholeFile whole = new WholeFile(file)) {
      whole.write(bytes("new "));
      whole.write(bytes("text"));
      assertEquals("old", Files.readString(file));
      whole.finish();
    }
    assertEquals("new text", Files.readString(file));
    assertEquals(List.of("result"), names());
  }

  @Test
  void whatIsNotFinishedNeverAppears() throws IOException {
    Path old = Files.writeString(folder.resolve("old"), "old");
    for (Path file : List.of(old, folder.resolve("new"))) {
      assertThrows(
          IllegalStateException.class,
          () -> {
            try (WholeFile whole = new WholeFile(file)) {
              whole.write(bytes("half"));
              throw new IllegalStateException("half-way");
            }
          });
    }
    assertEquals("old", Files.readString(old));
    assertEquals(List.of("old"), names());
  }

  @Test
  void tensorsThatAreNotCompleteNeverAppear() throws IOException {
    Path file = folder.resolve("tensors");
    List<SafetensorsWriter.Entry> entries =
        List.of(new SafetensorsWriter.Entry("a", TensorType.F32, List.of(3L)));
    try (SafetensorsWriter writer = new SafetensorsWriter(file, entries, Map.of())) {
      writer.write(1f, 2f);
      assertThrows(IllegalStateException.class, writer::finish);
    }
    assertEquals(List.of(), names());
  }

  @Test
  void aPlaceThatTakesNoFileIsRefusedByItsName() throws IOException {
    Path missing = folder.resolve("missing");
    IOException noFolder =
        assertThrows(IOException.class, () -> new WholeFile(missing.resolve("result")));
    assertTrue(String.valueOf(noFolder.getMessage()).contains(missing.toString()));
    Path taken = Files.createDirectory(folder.resolve("taken"));
    IOException isFolder = assertThrows(IOException.class, () -> new WholeFile(taken));
    assertTrue(String.valueOf(isFolder.getMessage()).contains(taken.toString()));
    assertThrows(IOException.class, () -> new WholeFile(taken.resolve("x".repeat(300))));
    Path plain = Files.writeString(folder.resolve("plain"), "text");
    assertThrows(IOException.class, () -> new WholeFile(plain.resolve("result")));
    assertEquals(List.of("plain", "taken"), names());
  }

  private static void write(Path file, String text) throws IOException {
    try (WholeFile whole = new WholeFile(file)) {
      whole.write(bytes(text));
      whole.finish();
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aReplacedFileHandsOnItsPermissions() throws IOException {
    for (String mode : List.of("rw-------", "rw-rw-rw-", "r-x--x---")) {
      Path file = Files.writeString(folder.resolve("result"), "old");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      write(file, "new");
      assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      assertEquals("new", Files.readString(file));
      Files.delete(file);
    }
    assertEquals(List.of(), names());
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aSymbolicLinkStaysAndItsTargetIsReplaced() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path file = Files.writeString(inner.resolve("result"), "old");
    Path near = Files.createSymbolicLink(inner.resolve("near"), Path.of("result"));
    Path far = Files.createSymbolicLink(folder.resolve("far"), near.toAbsolutePath());
    write(far, "new");
    assertEquals("new", Files.readString(file));
    assertTrue(Files.isSymbolicLink(near) && Files.isSymbolicLink(far));
    Path dangling = Files.createSymbolicLink(folder.resolve("link"), Path.of("inner", "later"));
    write(dangling, "first");
    assertEquals("first", Files.readString(inner.resolve("later")));
    assertTrue(Files.isSymbolicLink(dangling));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void linksThatLeadNowhereAreRefused() throws IOException {
    Path circle = Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
    IOException refused = assertThrows(IOException.class, () -> new WholeFile(circle));
    assertTrue(String.valueOf(refused.getMessage()).contains("circle of symbolic links"));
    Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), Path.of("missing", "file"));
    assertThrows(NoSuchFileException.class, () -> new WholeFile(nowhere));
  }
}
