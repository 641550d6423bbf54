package org.xlstm4j.loader.formats;

import static org.xlstm4j.loader.bytes.LittleEndian.LONG;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.bytes.FileKind;
import org.xlstm4j.loader.bytes.SegmentInputStream;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.json.Json;
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
    try (JsonParser parser = Json.parser(new SegmentInputStream(header))) {
      reader.readHeader(parser);
    } catch (JacksonException e) {
      throw Json.malformed(file.path(), "header", e);
    } catch (CharacterCodingException e) {
      throw Json.notUtf8(file.path(), "header");
    }
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

  private void readHeader(JsonParser parser) throws IOException {
    require(parser.nextToken() == JsonToken.START_OBJECT, "header", "a JSON object", parser);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals(METADATA_KEY)) {
        readMetadata(parser);
      } else {
        entries.add(readEntry(name, parser));
      }
    }
    require(parser.nextToken() == null, "header", "nothing after the JSON object", parser);
  }

  private void readMetadata(JsonParser parser) throws IOException {
    String expected = "an object from text to text";
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    require(parser.currentToken() == JsonToken.START_OBJECT, METADATA_KEY, expected, parser);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      require(parser.nextToken() == JsonToken.VALUE_STRING, METADATA_KEY, expected, parser);
      metadata.put(key, parser.getText());
    }
  }

  private Entry readEntry(String name, JsonParser parser) throws IOException {
    String place = "tensor " + name;
    require(parser.currentToken() == JsonToken.START_OBJECT, place, "an object", parser);
    TensorType type = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "dtype" -> type = readType(place, parser);
        case "shape" -> shape = readLengths(place + " shape", MAX_RANK, parser);
        case "data_offsets" -> offsets = readLengths(place + " data_offsets", 2, parser);
        default -> parser.skipChildren(); // the reference implementation knows no more either
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

  private TensorType readType(String place, JsonParser parser) throws IOException {
    require(parser.currentToken() == JsonToken.VALUE_STRING, place + " dtype", "a text", parser);
    TensorType type = TensorType.named(parser.getText());
    if (type == null) {
      throw refused(place + " dtype", "a type safetensors defines", parser.getText());
    }
    return type;
  }

  private long[] readLengths(String place, int most, JsonParser parser) throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY, place, "a list", parser);
    long[] lengths = new long[most];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      require(count < most, place, "at most " + most + " values", parser);
      boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
      require(whole, place, "whole numbers", parser);
      lengths[count] = parser.getLongValue();
      require(lengths[count] >= 0, place, "no negative number", parser);
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

  private void require(boolean holds, String place, String expected, JsonParser parser)
      throws IOException {
    if (!holds) {
      JsonToken token = parser.currentToken();
      String found =
          token == null
              ? "the end"
              : token.isScalarValue() ? parser.getText() : token.asString() + " (JSON)";
      throw refused(place, expected, found);
    }
  }

  private ModelFormatException refused(String place, String expected, String found) {
    return ModelFormatException.of(file.path(), place, expected, found);
  }
}
