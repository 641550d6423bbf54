package org.xlstm4j.loader.formats;

import static org.xlstm4j.loader.bytes.LittleEndian.INT;
import static org.xlstm4j.loader.bytes.LittleEndian.LONG;
import static org.xlstm4j.loader.bytes.LittleEndian.SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * The directory of a zip archive in memory, whose stored entries are views of that memory.
 *
 * <p>Nothing is ever inflated, so an archive takes no more memory than its file. The central
 * directory is read as APPNOTE.TXT describes it, with the ZIP64 fields, and every entry's local
 * header must agree with it; entries may not overlap, repeat a name or have a name that leaves the
 * archive. Checksums are not compared: PyTorch can be told to write none, and hashing would read
 * the whole file.
 */
final class ZipArchive {
  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int ZIP64_END = 0x06064b50;
  private static final int ZIP64_LOCATOR = 0x07064b50;
  private static final int END = 0x06054b50;

  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int CENTRAL_HEADER_BYTES = 46;
  private static final int ZIP64_END_BYTES = 56;
  private static final int ZIP64_LOCATOR_BYTES = 20;
  private static final int END_BYTES = 22;

  /** What a 32-bit field holds if its value is in the ZIP64 extra field instead. */
  private static final long IN_ZIP64 = 0xffffffffL;

  private static final int ZIP64_EXTRA = 1;
  private static final int STORED = 0;
  private static final int ENCRYPTED = 1;
  private static final int SIZES_FOLLOW_DATA = 8;

  private final Path file;
  private final MemorySegment bytes;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Position and length of the central directory, and the number of its entries. */
  private record Directory(long offset, long size, long count) {}

  /** An entry as the central directory has it, and the place of its data. */
  private record Entry(
      String name, int flags, int method, long size, long packedSize, long header, long data) {
    long end() {
      return data + packedSize;
    }
  }

  /** Sizes and position of an entry after the look into its ZIP64 extra field. */
  private record Extent(long size, long packedSize, long header) {}

  private ZipArchive(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * Reads the directory of an archive.
   *
   * @param file the file that errors name
   * @param bytes the archive: a whole file, or an entry of another archive
   */
  static ZipArchive read(Path file, MemorySegment bytes) throws ModelFormatException {
    ZipArchive archive = new ZipArchive(file, bytes);
    archive.readEntries(archive.findDirectory());
    return archive;
  }

  /** Length of the whole archive. */
  long byteSize() {
    return bytes.byteSize();
  }

  /** The names of all entries, in the directory's order. */
  Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /**
   * The content of an entry, a view of the archive.
   *
   * @throws ModelFormatException if there is no such entry, or it is compressed or encrypted
   */
  MemorySegment stored(String name) throws ModelFormatException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw refused(name, "such an entry in the archive", "none");
    }
    if (entry.method != STORED || (entry.flags & ENCRYPTED) != 0) {
      throw refused(
          name,
          "a stored entry",
          (entry.flags & ENCRYPTED) != 0
              ? "an encrypted one"
              : "compression method " + entry.method);
    }
    return bytes.asSlice(entry.data, entry.size);
  }

  private Directory findDirectory() throws ModelFormatException {
    long end = findEnd();
    Directory plain = new Directory(u32(end + 16), u32(end + 12), u16(end + 10));
    long locator = end - ZIP64_LOCATOR_BYTES;
    boolean zip64 = locator >= 0 && i32(locator) == ZIP64_LOCATOR;
    Directory directory = zip64 ? readZip64(locator, plain) : plain;
    long following = zip64 ? u64(locator + 8) : end;
    boolean oneDisk = u16(end + 4) == 0 && u16(end + 6) == 0 && u16(end + 8) == u16(end + 10);
    if (!oneDisk
        || directory.offset > following
        || directory.size != following - directory.offset
        || directory.count > directory.size / CENTRAL_HEADER_BYTES) {
      throw refused(
          "end of the archive", "a directory just before its end record", directory.toString());
    }
    return directory;
  }

  /** The end record: the last one whose comment reaches to the end of the archive. */
  private long findEnd() throws ModelFormatException {
    long last = bytes.byteSize() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - 0xffff); at--) {
      if (i32(at) == END && u16(at + 20) == last - at) {
        return at;
      }
    }
    throw refused(
        "end of the archive", "the zip format's end record", "none: no archive, or truncated");
  }

  private Directory readZip64(long locator, Directory plain) throws ModelFormatException {
    long at = u64(locator + 8);
    if (at > locator - ZIP64_END_BYTES
        || i32(at) != ZIP64_END
        || u64(at + 4) != locator - at - 12
        || u32(at + 16) != 0
        || u32(at + 20) != 0) {
      throw refused(
          "end of the archive", "the ZIP64 end record before its locator", "something else");
    }
    Directory directory = new Directory(u64(at + 48), u64(at + 40), u64(at + 32));
    if (!agrees(plain.offset, IN_ZIP64, directory.offset)
        || !agrees(plain.size, IN_ZIP64, directory.size)
        || !agrees(plain.count, 0xffff, directory.count)) {
      throw refused("end of the archive", "equal end records: " + plain, directory.toString());
    }
    return directory;
  }

  private static boolean agrees(long field, long inZip64, long value) {
    return field == value || field == inZip64;
  }

  private void readEntries(Directory directory) throws ModelFormatException {
    long end = directory.offset + directory.size;
    long at = directory.offset;
    for (long i = 0; i < directory.count; i++) {
      if (end - at < CENTRAL_HEADER_BYTES || i32(at) != CENTRAL_HEADER) {
        throw refused("directory entry " + i, "a directory header", "something else");
      }
      long nameEnd = at + CENTRAL_HEADER_BYTES + u16(at + 28);
      long extraEnd = nameEnd + u16(at + 30);
      long next = extraEnd + u16(at + 32);
      if (next > end) {
        throw refused("directory entry " + i, "an end at " + end, "one at " + next);
      }
      String name = name(at + CENTRAL_HEADER_BYTES, nameEnd);
      Entry entry = readEntry(name, at, nameEnd, extraEnd, directory.offset);
      if (entries.put(name, entry) != null) {
        throw refused(name, "each entry once", "another one of this name");
      }
      at = next;
    }
    if (at != end) {
      throw refused("directory", "an end at " + end, "one at " + at);
    }
    checkOverlap();
  }

  private Entry readEntry(String name, long at, long nameEnd, long extraEnd, long directory)
      throws ModelFormatException {
    int flags = u16(at + 8);
    int method = u16(at + 10);
    Extent extent =
        zip64(name, new Extent(u32(at + 24), u32(at + 20), u32(at + 42)), nameEnd, extraEnd);
    long local = extent.header;
    if (local > directory - LOCAL_HEADER_BYTES || i32(local) != LOCAL_HEADER) {
      throw refused(name, "a local header before the directory", "none at " + local);
    }
    long localNameEnd = local + LOCAL_HEADER_BYTES + u16(local + 26);
    long data = localNameEnd + u16(local + 28);
    if (data > directory || extent.packedSize > directory - data) {
      throw refused(name, "data before the directory", extent.packedSize + " bytes at " + data);
    }
    if (method == STORED && extent.size != extent.packedSize) {
      throw refused(name, "one size, as it is stored", extent.toString());
    }
    Extent localExtent =
        zip64(name, new Extent(u32(local + 22), u32(local + 18), local), localNameEnd, data);
    boolean sizesFollow = (flags & SIZES_FOLLOW_DATA) != 0;
    boolean sizesAgree =
        localExtent.equals(extent)
            || (sizesFollow && localExtent.size == 0 && localExtent.packedSize == 0);
    if (u16(local + 6) != flags
        || u16(local + 8) != method
        || !sizesAgree
        || !name.equals(name(local + LOCAL_HEADER_BYTES, localNameEnd))) {
      throw refused(name, "a local header that agrees with the directory", "another");
    }
    return new Entry(name, flags, method, extent.size, extent.packedSize, local, data);
  }

  /** Replaces the values that are kept in the ZIP64 extra field, if there are any. */
  private Extent zip64(String name, Extent plain, long extraStart, long extraEnd)
      throws ModelFormatException {
    if (plain.size != IN_ZIP64 && plain.packedSize != IN_ZIP64 && plain.header != IN_ZIP64) {
      return plain;
    }
    for (long at = extraStart; extraEnd - at >= 4; at += 4 + u16(at + 2)) {
      if (u16(at) == ZIP64_EXTRA) {
        long[] values = {plain.size, plain.packedSize, plain.header};
        long field = at + 4;
        long fieldsEnd = Math.min(extraEnd, field + u16(at + 2));
        for (int i = 0; i < values.length; i++) {
          if (values[i] == IN_ZIP64 && fieldsEnd - field >= Long.BYTES) {
            values[i] = u64(field);
            field += Long.BYTES;
          }
        }
        return new Extent(values[0], values[1], values[2]);
      }
    }
    throw refused(name, "a ZIP64 extra field for sizes of 4 GB", "none");
  }

  private void checkOverlap() throws ModelFormatException {
    List<Entry> byPosition = new ArrayList<>(entries.values());
    byPosition.sort(Comparator.comparingLong(Entry::header));
    long end = 0;
    for (Entry entry : byPosition) {
      if (entry.header < end) {
        throw refused(entry.name, "entries that do not overlap", "a start before " + end);
      }
      end = entry.end();
    }
  }

  private String name(long from, long to) throws ModelFormatException {
    String name;
    try {
      name =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(bytes.asSlice(from, to - from).asByteBuffer())
              .toString();
    } catch (CharacterCodingException e) {
      throw ModelFormatException.notUtf8(file, "name of an entry");
    }
    if (!isInnerName(name)) {
      throw refused("name of an entry", "a relative path without . and ..", name);
    }
    return name;
  }

  /** Whether a name is a relative path whose parts are neither empty nor dots. */
  private static boolean isInnerName(String name) {
    boolean plain = name.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == '\\');
    boolean folder = name.endsWith("/");
    String path = folder ? name.substring(0, name.length() - 1) : name;
    for (String part : path.split("/", -1)) {
      plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
    return plain;
  }

  private int u16(long at) throws ModelFormatException {
    check(at, Short.BYTES);
    return Short.toUnsignedInt(bytes.get(SHORT, at));
  }

  private int i32(long at) throws ModelFormatException {
    check(at, Integer.BYTES);
    return bytes.get(INT, at);
  }

  private long u32(long at) throws ModelFormatException {
    return Integer.toUnsignedLong(i32(at));
  }

  /** A 64-bit field; no size or position is as large as the sign bit. */
  private long u64(long at) throws ModelFormatException {
    check(at, Long.BYTES);
    long value = bytes.get(LONG, at);
    if (value < 0) {
      throw refused("byte " + at, "a number below 2^63", Long.toUnsignedString(value));
    }
    return value;
  }

  private void check(long at, int length) throws ModelFormatException {
    if (at < 0 || at > bytes.byteSize() - length) {
      throw refused("byte " + at, "more data", "the end of the archive");
    }
  }

  private ModelFormatException refused(String place, String expected, String found) {
    return ModelFormatException.of(file, place, expected, found);
  }
}
