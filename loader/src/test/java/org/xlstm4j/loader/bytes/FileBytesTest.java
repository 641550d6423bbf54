package org.xlstm4j.loader.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Refusals;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.formats.SafetensorsBytes;
import org.xlstm4j.loader.tensors.Tensor;

class FileBytesTest {
  @TempDir private Path folder;

  private Path random(int size) throws IOException {
    byte[] content = new byte[size];
    new SplittableRandom(size).nextBytes(content);
    return Files.write(folder.resolve("file"), content);
  }

  private static void cut(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, FileBytes.PIECE, FileBytes.PIECE + 1, 2 * FileBytes.PIECE + 77})
  void whatIsReadIsTheFile(int size) throws IOException {
    Path file = random(size);
    byte[] content = Files.readAllBytes(file);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment bytes = FileBytes.open(file, arena, LoadOption.IN_MEMORY).bytes();
      assertFalse(bytes.isMapped());
      assertTrue(bytes.isReadOnly());
      assertEquals(0, bytes.address() % 64);
      assertEquals(-1, bytes.mismatch(MemorySegment.ofArray(content)));
      assertTrue(FileBytes.open(file, arena).bytes().isMapped());
    }
  }

  /** A file without content takes no room on the disk. */
  @Test
  void aLargeFileIsReadToItsEnd() throws IOException {
    long size = (64L << 20) + 12345;
    Path file = folder.resolve("sparse");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), 0);
      channel.write(ByteBuffer.wrap(new byte[] {2}), FileBytes.PIECE);
      channel.write(ByteBuffer.wrap(new byte[] {3}), size - 1);
    }
    MemorySegment bytes;
    try (Arena arena = Arena.ofShared()) {
      bytes = FileBytes.open(file, arena, LoadOption.IN_MEMORY).bytes();
      assertEquals(size, bytes.byteSize());
      assertEquals(0, bytes.address() % 64);
      assertEquals(1, bytes.get(ValueLayout.JAVA_BYTE, 0));
      assertEquals(0, bytes.get(ValueLayout.JAVA_BYTE, 1));
      assertEquals(2, bytes.get(ValueLayout.JAVA_BYTE, FileBytes.PIECE));
      assertEquals(3, bytes.get(ValueLayout.JAVA_BYTE, size - 1));
    }
    assertThrows(IllegalStateException.class, () -> bytes.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsRefused() throws IOException {
    int size = FileBytes.PIECE + 100;
    Path file = random(size);
    try (Arena arena = Arena.ofShared();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      cut(file, FileBytes.PIECE + 40);
      Refusals.assertRefused(
          () -> FileBytes.read(file, channel, size, arena),
          file.toString(),
          "byte " + (FileBytes.PIECE + 40),
          size + " bytes",
          "truncated");
    }
  }

  @Test
  void tensorsOutliveTheirFile() throws IOException {
    Path file = Files.write(folder.resolve("x.safetensors"), SafetensorsBytes.valid());
    Tensor tensor;
    try (Checkpoint checkpoint = Checkpoint.open(file, LoadOption.IN_MEMORY)) {
      tensor = checkpoint.get("a");
      cut(file, 0);
      assertEquals(4, tensor.toFloats()[3]);
      checkpoint.prefault();
    }
    assertThrows(IllegalStateException.class, tensor::toFloats);
  }
}
