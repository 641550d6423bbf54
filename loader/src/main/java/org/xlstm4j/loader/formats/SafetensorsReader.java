package org.xlstm4j.loader.formats;

import static org.xlstm4j.loader.bytes.LittleEndian.LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.bytes.FileKind;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.json.JsonCursor;
import org.xlstm4j.loader.json.JsonKind;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * Reads the header of a safetensors file and checks it against the file, by the rules of the
 * reference implementation.
 *
 * <p>Layout: the header's length as an unsigned 64-bit little-endian integer, the header, the data.
 * The header is a JSON object from tensor names to {@code {"dtype", "shape", "data_offsets":
 * [begin, end)}}, offsets counted from the data's start, and {@code "__metadata__"} from text to
 * text. The tensors fill the data without holes or overlap.
 */
public final class SafetensorsReader {
  /** Bytes before the header: its length. */
  static final int PREFIX_BYTES = Long.BYTES;

  /** Longest header, as in the reference implementation. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  /** The key that holds texts rather than a tensor. */
  static final String METADATA_KEY = "__metadata__";

  /** Most dimensions a tensor may have; PyTorch's own limit. */
  static final int MAX_RANK = 64;

  /** As many dimensions as tensors usually have. */
  private static final int FEW = 4;

  private final FileBytes file;
  private final MemorySegment data;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  /** A tensor and the place of its bytes in the data. */
  private record Entry(Tensor tensor, long begin, long end) {}

  private SafetensorsReader(FileBytes file, MemorySegment data) {
    this.file = file;
    this.data = data;
  }

  /**
   * The contents of a safetensors file; the tensors are views of its bytes.
   *
   * @throws ModelFormatException if the file breaks a rule of the format
   */
  public static CheckpointContents read(FileBytes file) throws IOException {
    MemorySegment header = header(file);
    MemorySegment data = file.bytes().asSlice(PREFIX_BYTES + header.byteSize());
    SafetensorsReader reader = new SafetensorsReader(file, data);
    reader.readHeader(new JsonCursor(file.path(), header.toArray(ValueLayout.JAVA_BYTE)));
    return new CheckpointContents(
        List.of(file), reader.tensors(), reader.metadata, Config.empty(file.path()));
  }

  private static MemorySegment header(FileBytes file) throws ModelFormatException {
    MemorySegment bytes = file.bytes();
    if (bytes.byteSize() < PREFIX_BYTES) {
      throw ModelFormatException.of(
          file.path(), "byte 0", "the header's length in 8 bytes", bytes.byteSize() + " bytes");
    }
    long length = bytes.get(LONG, 0);
    long most = Math.min(MAX_HEADER_BYTES, bytes.byteSize() - PREFIX_BYTES);
    if (Long.compareUnsigned(length, most) > 0) {
      String kind = FileKind.nameOf(bytes);
      throw ModelFormatException.of(
          file.path(),
          "byte 0",
          "a safetensors header of at most " + most + " bytes",
          kind != null ? kind : "a length of " + Long.toUnsignedString(length));
    }
    // The specification wants the first byte to be '{', where JSON would allow spaces before it.
    if (length == 0 || bytes.get(ValueLayout.JAVA_BYTE, PREFIX_BYTES) != '{') {
      throw ModelFormatException.of(
          file.path(), "byte 8", "a header that starts with '{'", "another byte or nothing");
    }
    return bytes.asSlice(PREFIX_BYTES, length);
  }

  private void readHeader(JsonCursor json) throws IOException {
    Set<String> names = new HashSet<>();
    json.start();
    json.enterObject();
    for (String name = json.nextKey(names); name != null; name = json.nextKey(names)) {
      if (name.equals(METADATA_KEY)) {
        readMetadata(json);
      } else {
        entries.add(readEntry(name, json));
      }
    }
    json.requireEnd();
  }

  private void readMetadata(JsonCursor json) throws IOException {
    if (json.isNull()) {
      return;
    }
    String expected = "an object from text to text";
    require(json.kind() == JsonKind.OBJECT, METADATA_KEY, expected, json);
    Set<String> keys = new HashSet<>();
    for (String key = json.nextKey(keys); key != null; key = json.nextKey(keys)) {
      require(json.isString(), METADATA_KEY, expected, json);
      metadata.put(key, json.string());
    }
  }

  private Entry readEntry(String name, JsonCursor json) throws IOException {
    String place = "tensor " + name;
    require(json.kind() == JsonKind.OBJECT, place, "an object", json);
    TensorType type = null;
    long[] shape = null;
    long[] offsets = null;
    Set<String> fields = new HashSet<>();
    for (String field = json.nextKey(fields); field != null; field = json.nextKey(fields)) {
      switch (field) {
        case "dtype" -> type = readType(place, json);
        case "shape" -> shape = readLengths(place + " shape", MAX_RANK, json);
        case "data_offsets" -> offsets = readLengths(place + " data_offsets", 2, json);
        default -> json.skip(); // the reference implementation knows no more either
      }
    }
    if (type == null || shape == null || offsets == null || offsets.length != 2) {
      throw refused(
          place,
          "dtype, shape and two data_offsets",
          absent("dtype ", type) + absent("shape ", shape) + absent("data_offsets ", offsets));
    }
    if (offsets[1] < offsets[0] || offsets[1] > data.byteSize()) {
      String expected = "offsets in order and below " + data.byteSize() + " bytes";
      throw refused(place, expected, range(offsets));
    }
    long bytes = type.bytes(shape);
    if (bytes < 0) {
      String expected = "a size that is a whole number of bytes below 2^60";
      throw refused(place, expected, layout(type, shape));
    }
    if (bytes != offsets[1] - offsets[0]) {
      String expected = bytes + " bytes for " + layout(type, shape);
      throw refused(place, expected, "offsets " + range(offsets));
    }
    MemorySegment slice = data.asSlice(offsets[0], bytes);
    return new Entry(new Tensor(file.path(), name, type, shape, slice), offsets[0], offsets[1]);
  }

  private static String range(long[] offsets) {
    return "[" + offsets[0] + ", " + offsets[1] + ")";
  }

  private static String layout(TensorType type, long[] shape) {
    return type + " " + Arrays.toString(shape);
  }

  private static String absent(String field, @Nullable Object value) {
    return value == null ? "no " + field : field;
  }

  private TensorType readType(String place, JsonCursor json) throws IOException {
    require(json.isString(), place + " dtype", "a text", json);
    TensorType type = TensorType.named(json.string());
    if (type == null) {
      throw refused(place + " dtype", "a type safetensors defines", json.describe());
    }
    return type;
  }

  private long[] readLengths(String place, int most, JsonCursor json) throws IOException {
    require(json.kind() == JsonKind.ARRAY, place, "a list", json);
    long[] lengths = new long[FEW];
    int count = 0;
    while (json.nextElement()) {
      require(count < most, place, "at most " + most + " values", json);
      if (count == lengths.length) {
        lengths = Arrays.copyOf(lengths, most);
      }
      lengths[count] = json.whole().orElse(-1);
      require(lengths[count] >= 0, place, "whole numbers from 0 to below 2^63", json);
      count++;
    }
    return Arrays.copyOf(lengths, count);
  }

  /** By place in the file. */
  private static int compare(Entry a, Entry b) {
    return a.begin == b.begin ? Long.compare(a.end, b.end) : Long.compare(a.begin, b.begin);
  }

  private List<Tensor> tensors() throws ModelFormatException {
    entries.sort(SafetensorsReader::compare);
    List<Tensor> tensors = new ArrayList<>(entries.size());
    long position = 0;
    for (Entry entry : entries) {
      if (entry.begin != position) {
        throw refused(
            "tensor " + entry.tensor.name(),
            "data from byte " + position + " on, where the tensor before it ends",
            "byte " + entry.begin);
      }
      position = entry.end;
      tensors.add(entry.tensor);
    }
    if (position != data.byteSize()) {
      throw refused(
          "data", position + " bytes, the end of the last tensor", data.byteSize() + " bytes");
    }
    return tensors;
  }

  private void require(boolean holds, String place, String expected, JsonCursor json)
      throws ModelFormatException {
    if (!holds) {
      throw refused(place, expected, json.describe());
    }
  }

  private ModelFormatException refused(String place, String expected, String found) {
    return ModelFormatException.of(file.path(), place, expected, found);
  }
}
