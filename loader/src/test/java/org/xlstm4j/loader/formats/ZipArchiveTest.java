package org.xlstm4j.loader.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xlstm4j.loader.Refusals.assertRefused;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.files.ModelFormatException;

class ZipArchiveTest {
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int LOCAL_HEADER = 0x04034b50;

  private static ZipArchive read(byte[] bytes) throws ModelFormatException {
    return ZipArchive.read(Path.of("x.zip"), MemorySegment.ofArray(bytes));
  }

  private static byte[] two() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a/x", new byte[] {1, 2, 3});
    entries.put("a/y", new byte[] {4});
    return ZipBytes.stored(entries);
  }

  /** Position of the n-th record with this signature. */
  private static int find(byte[] bytes, int signature, int n) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int seen = 0;
    for (int at = 0; at <= bytes.length - 4; at++) {
      if (buffer.getInt(at) == signature && seen++ == n) {
        return at;
      }
    }
    throw new AssertionError("no such record");
  }

  private static void put32(byte[] bytes, int at, int value) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
  }

  @Test
  void readsStoredEntries() throws IOException {
    ZipArchive archive = read(two());
    assertEquals(List.of("a/x", "a/y"), List.copyOf(archive.names()));
    assertEquals(3, archive.stored("a/x").byteSize());
    assertEquals(-1, archive.stored("a/y").mismatch(MemorySegment.ofArray(new byte[] {4})));
    assertRefused(() -> archive.stored("a/z"), "x.zip: a/z: ");
  }

  @Test
  void readsAnEmptyArchiveAndAComment() throws IOException {
    byte[] empty = new byte[22];
    put32(empty, 0, 0x06054b50);
    assertEquals(0, read(empty).names().size());
    byte[] commented = Arrays.copyOf(two(), two().length + 3);
    commented[two().length - 2] = 3;
    assertEquals(2, read(commented).names().size());
    assertRefused(() -> read(Arrays.copyOf(two(), two().length + 3)), "end record");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a",
        "../a",
        "a/../b",
        "a/..",
        "..",
        ".",
        "./a",
        "a//b",
        "a\\b",
        "..\\b",
        "a\nb",
        "a\u0000b",
        "a/./b",
        "/"
      })
  void refusesNamesThatLeaveTheArchive(String name) throws IOException {
    byte[] archive = ZipBytes.stored(Map.of(name, new byte[1]));
    assertRefused(() -> read(archive), "name of an entry");
  }

  @Test
  void longPathsAreNoStackOverflow() throws IOException {
    String name = "a/".repeat(32_000) + "a";
    assertEquals(1, read(ZipBytes.stored(Map.of(name, new byte[1]))).names().size());
  }

  @Test
  void refusesNamesThatAreNoUtf8() throws IOException {
    byte[] archive = ZipBytes.stored(Map.of("a", new byte[1]));
    archive[find(archive, CENTRAL_HEADER, 0) + 46] = (byte) 0xff;
    assertRefused(() -> read(archive), "UTF-8");
  }

  @Test
  void refusesDuplicateNames() throws IOException {
    byte[] archive = two();
    for (int signature : new int[] {CENTRAL_HEADER, LOCAL_HEADER}) {
      int at = find(archive, signature, 1) + (signature == CENTRAL_HEADER ? 46 : 30);
      archive[at + 2] = 'x';
    }
    assertRefused(() -> read(archive), "a/x", "each entry once");
  }

  @Test
  void refusesOverlappingEntries() throws IOException {
    byte[] archive = two();
    int first = find(archive, CENTRAL_HEADER, 0);
    int second = find(archive, CENTRAL_HEADER, 1);
    // Both entries point to the first local header.
    put32(archive, second + 42, 0);
    assertRefused(() -> read(archive), "agrees with the directory");
    System.arraycopy(archive, first, archive, second, second - first);
    archive[second + 48] = 'z';
    assertRefused(() -> read(archive));
    // A first entry so long that it runs over the second one's header.
    byte[] longer = two();
    for (int at : new int[] {18, 22, first + 20, first + 24}) {
      put32(longer, at, 10);
    }
    assertRefused(() -> read(longer), "do not overlap");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 0x7fffffff, 0x80000000, 0xffffffff})
  void refusesLyingSizes(int size) throws IOException {
    byte[] archive = ZipBytes.stored(Map.of("a", new byte[3]));
    int directory = find(archive, CENTRAL_HEADER, 0);
    for (int at : new int[] {directory + 20, directory + 24, directory + 42, 18, 22}) {
      byte[] changed = archive.clone();
      put32(changed, at, size);
      assertRefused(() -> read(changed));
    }
    for (int at : new int[] {archive.length - 6, archive.length - 10, archive.length - 12}) {
      byte[] changed = archive.clone();
      put32(changed, at, size);
      assertRefused(() -> read(changed));
    }
  }

  @Test
  void refusesEncryption() throws IOException {
    byte[] archive = two();
    archive[6] |= 1;
    archive[find(archive, CENTRAL_HEADER, 0) + 8] |= 1;
    ZipArchive read = read(archive);
    assertRefused(() -> read.stored("a/x"), "an encrypted one");
    assertEquals(1, read.stored("a/y").byteSize());
  }

  @Test
  void compressedEntriesAreRefusedByName() throws IOException {
    ZipArchive bomb = read(ZipBytes.deflated(Map.of("bomb", new byte[10_000_000])));
    assertRefused(() -> bomb.stored("bomb"), "x.zip: bomb: ", "compression method 8");
  }

  @Test
  void everyTruncationAndEveryFlippedBitEndsWell() throws IOException {
    byte[] archive = ZipBytes.stored(Map.of("name", "text".getBytes(StandardCharsets.UTF_8)));
    for (int length = 0; length < archive.length; length++) {
      byte[] truncated = Arrays.copyOf(archive, length);
      assertRefused(() -> read(truncated));
    }
    for (int bit = 0; bit < archive.length * 8; bit++) {
      byte[] flipped = archive.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        assertEquals(1, read(flipped).names().size());
      } catch (ModelFormatException refused) {
        assertEquals(0, refused.getMessage().lines().skip(1).count());
      }
    }
  }
}
