package org.xlstm4j.loader.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Refusals;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

class SafetensorsReaderTest {
  @TempDir Path folder;

  private Checkpoint open(byte[] bytes) throws IOException {
    return Checkpoint.open(Files.write(folder.resolve("x.safetensors"), bytes));
  }

  private void assertRefused(byte[] bytes, String... parts) {
    Refusals.assertRefused(() -> open(bytes), parts);
  }

  private void assertRefused(String header, int dataBytes, String... parts) {
    assertRefused(SafetensorsBytes.of(header, new byte[dataBytes]), parts);
  }

  @Test
  void readsAValidFile() throws IOException {
    try (Checkpoint checkpoint = open(SafetensorsBytes.valid())) {
      assertEquals(List.of("a", "b.c"), List.copyOf(checkpoint.names()));
      assertEquals(Map.of("format", "pt"), checkpoint.metadata());
      Tensor a = checkpoint.get("a");
      assertEquals(TensorType.F32, a.type());
      assertArrayEquals(new long[] {2, 2}, a.shape());
      assertArrayEquals(new int[] {2, 2}, a.dimensions());
      assertEquals(4, a.elements());
      assertArrayEquals(new float[] {1, 2, 3, 4}, a.toFloats());
      assertArrayEquals(new long[] {1, 2, 3}, checkpoint.get("b.c").toLongs());
      assertTrue(a.data().isReadOnly());
      Refusals.assertRefused(() -> checkpoint.get("missing"));
      checkpoint.prefault();
    }
  }

  @Test
  void closedCheckpointRefusesAccess() throws IOException {
    Checkpoint checkpoint = open(SafetensorsBytes.valid());
    Tensor a = checkpoint.get("a");
    checkpoint.close();
    checkpoint.close();
    assertThrows(IllegalStateException.class, a::toFloats);
  }

  @Test
  void refusesTruncationAtEveryByte() {
    byte[] valid = SafetensorsBytes.valid();
    for (int length = 0; length < valid.length; length++) {
      assertRefused(Arrays.copyOf(valid, length));
    }
  }

  @Test
  void anyChangedBitIsRefusedOrHarmless() throws IOException {
    byte[] valid = SafetensorsBytes.valid();
    for (int bit = 0; bit < valid.length * 8; bit++) {
      byte[] changed = valid.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      FileBytes file = new FileBytes(Path.of("x"), MemorySegment.ofArray(changed));
      try {
        long bytes = 0;
        for (Tensor tensor : SafetensorsReader.read(file).tensors()) {
          bytes += tensor.data().byteSize();
        }
        assertEquals(22, bytes, "bit " + bit);
      } catch (ModelFormatException refused) {
        assertFalse(refused.getMessage().contains("\n"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 100_000_001, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1, -8})
  void refusesLyingHeaderLengths(long length) {
    byte[] header = SafetensorsBytes.VALID_HEADER.getBytes(StandardCharsets.UTF_8);
    assertRefused(SafetensorsBytes.withLength(length, header, new byte[22]));
  }

  @Test
  void refusesWhatIsNoHeader() {
    assertRefused(" {}", 0, "starts with '{'");
    assertRefused("[]", 0, "starts with '{'");
    assertRefused("{}x", 0, "valid JSON");
    assertRefused("{}{}", 0, "nothing after");
    assertRefused("{", 0, "valid JSON");
    assertRefused("{\"a\":1}", 0, "tensor a");
    assertRefused("{\"a\":null}", 0, "tensor a");
    assertRefused("{\"a\":{}}", 0, "no dtype");
    assertRefused("{\"__metadata__\":{\"a\":1}}", 0, "from text to text");
    assertRefused("{\"__metadata__\":[]}", 0, "from text to text");
    assertRefused("{}", 1, "found 1 bytes");
  }

  @Test
  void acceptsWhatTheReferenceImplementationAccepts() throws IOException {
    String header =
        "{\"__metadata__\":null,"
            + "\"a\":{\"dtype\":\"U8\",\"stride\":[1],\"shape\":[1],\"more\":{\"x\":null},"
            + "\"data_offsets\":[0,1]}}";
    try (Checkpoint checkpoint = open(SafetensorsBytes.of(header, new byte[] {7}))) {
      assertEquals(Map.of(), checkpoint.metadata());
      assertArrayEquals(new long[] {7}, checkpoint.get("a").toLongs());
    }
  }

  @Test
  void namesWhatIsTakenForSafetensors() {
    assertRefused(
        "<!DOCTYPE html><html>404</html>".getBytes(StandardCharsets.UTF_8),
        "byte 0",
        "a text that begins with \"<!DOCTYPE html><\"");
    assertRefused("GGUF\3\0\0\0".getBytes(StandardCharsets.UTF_8), "a GGUF file");
    byte[] pickle = {(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, 0};
    assertRefused(pickle, "a pickle", "PyTorch");
  }

  @Test
  void namesAPointerOfGitLfs() {
    assertRefused(
        ("version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 9\n")
            .getBytes(StandardCharsets.UTF_8),
        "Git LFS",
        "git lfs pull");
  }

  @Test
  void acceptsAnEmptyHeader() throws IOException {
    try (Checkpoint checkpoint = open(SafetensorsBytes.of("{}", new byte[0]))) {
      assertTrue(checkpoint.names().isEmpty());
    }
  }

  @Test
  void refusesMalformedUtf8() {
    byte[] header =
        "{\"?\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}"
            .getBytes(StandardCharsets.UTF_8);
    for (byte[] malformed :
        new byte[][] {
          {(byte) 0xff}, {(byte) 0xc0, (byte) 0x80}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
        }) {
      byte[] changed = new byte[header.length - 1 + malformed.length];
      System.arraycopy(header, 0, changed, 0, 2);
      System.arraycopy(malformed, 0, changed, 2, malformed.length);
      System.arraycopy(header, 3, changed, 2 + malformed.length, header.length - 3);
      assertRefused(SafetensorsBytes.of(changed, new byte[1]), "UTF-8");
    }
  }

  @Test
  void refusesDuplicateKeys() {
    String tensor = "\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}";
    assertRefused("{" + tensor + "," + tensor + "}", 1, "uplicate");
    assertRefused("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "uplicate");
    assertRefused(
        "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\",\"shape\":[],\"data_offsets\":[0,1]}}",
        1,
        "uplicate");
  }

  @Test
  void deepNestingIsNoStackOverflow() {
    assertRefused("{\"a\":" + "[".repeat(1_000_000), 0);
    assertRefused("{\"a\":" + "{\"a\":".repeat(1_000_000), 0);
    assertRefused("{\"a\":{\"shape\":" + "[".repeat(1_000_000), 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "1.0",
        "1e0",
        "1e400",
        "9223372036854775808",
        "1e999999999",
        "\"1\"",
        "null",
        "[1]",
        "true",
        "NaN",
        "Infinity",
        "99999999999999999999999999999999999999999999999999999"
      })
  void refusesNumbersThatAreNoLengths(String number) {
    assertRefused(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[" + number + "],\"data_offsets\":[0,1]}}", 1);
    assertRefused(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[" + number + ",1]}}", 1);
    assertRefused(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0," + number + "]}}", 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "U8|4294967296,4294967296|0|0",
        "U8|4194305,4194305,211106198978564|0|4",
        "F64|2305843009213693952|0|0",
        "F64|9223372036854775807|0|8",
        "U8|2|0|1",
        "U8|1|0|2",
        "U8|1|1|0",
        "U8|1|0|1,2",
        "U8|1|0|''",
        "F4|1|0|1",
        "F6_E2M3|2|0|2",
        "X8|1|0|1",
        "f32|1|0|4",
        "U8|1|5|6",
        "U8|100|0|100",
      })
  void refusesSizesThatDoNotAgree(String type, String shape, String begin, String end) {
    String offsets = end.isEmpty() ? begin : begin + "," + end;
    assertRefused(
        "{\"a\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%s]}}"
            .formatted(type, shape, offsets),
        4);
  }

  @Test
  void refusesHolesOverlapsAndTrailingBytes() {
    String two =
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[%d,%d]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[%d,%d]}}";
    assertRefused(two.formatted(0, 2, 3, 5), 5, "tensor b", "byte 2", "byte 3");
    assertRefused(two.formatted(0, 2, 1, 3), 3, "tensor b");
    assertRefused(two.formatted(0, 2, 0, 2), 2, "tensor b");
    assertRefused(two.formatted(1, 3, 3, 5), 5, "tensor a");
    assertRefused(two.formatted(0, 2, 2, 4), 5, "data", "4 bytes", "5 bytes");
    assertRefused(two.formatted(0, 2, 2, 4), 3, "tensor b");
  }

  @Test
  void acceptsScalarsEmptyTensorsAndAnyOrder() throws IOException {
    String header =
        "{\"last\":{\"dtype\":\"F4\",\"shape\":[3,2],\"data_offsets\":[8,11]},"
            + "\"none\":{\"data_offsets\":[8,8],\"shape\":[0,4294967296,4294967296],\"dtype\":\"F32\"},"
            + "\"scalar\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]}}";
    try (Checkpoint checkpoint = open(SafetensorsBytes.of(header, new byte[11]))) {
      assertEquals(List.of("scalar", "none", "last"), List.copyOf(checkpoint.names()));
      assertEquals(1, checkpoint.get("scalar").elements());
      assertArrayEquals(new float[1], checkpoint.get("scalar").toFloats());
      assertArrayEquals(new float[0], checkpoint.get("none").toFloats());
      Refusals.assertRefused(() -> checkpoint.get("none").dimensions());
      Refusals.assertRefused(() -> checkpoint.get("last").toFloats());
    }
  }

  @Test
  void namesInMessagesStayOnOneShortLine() {
    String name = "x\\n\\u001b[31m" + "y".repeat(50_000);
    assertRefused("{\"" + name + "\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", 2);
    ModelFormatException refused =
        ModelFormatException.of(Path.of("f"), "a\nb\u001b\u202e", "x".repeat(10_000), "y");
    assertTrue(refused.getMessage().startsWith("f: a\\u000ab\\u001b\\u202e: expected x"));
    assertTrue(refused.getMessage().length() < 3000);
  }

  @Test
  void convertsEveryNumberType() throws IOException {
    StringBuilder header = new StringBuilder("{");
    String[] types = {
      "BOOL", "U8", "I8", "U16", "I16", "F16", "BF16", "U32", "I32", "F32", "I64", "F64"
    };
    int[] sizes = {1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 8, 8};
    int position = 0;
    for (int i = 0; i < types.length; i++) {
      header.append(
          "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[%d,%d]}"
              .formatted(i == 0 ? "" : ",", types[i], types[i], position, position + sizes[i]));
      position += sizes[i];
    }
    byte[] data = new byte[position];
    Arrays.fill(data, (byte) 0xbf);
    data[0] = 1;
    try (Checkpoint checkpoint = open(SafetensorsBytes.of(header.append('}').toString(), data))) {
      assertEquals(1, checkpoint.get("BOOL").toLongs()[0]);
      assertEquals(0xbf, checkpoint.get("U8").toLongs()[0]);
      assertEquals((byte) 0xbf, checkpoint.get("I8").toLongs()[0]);
      assertEquals(0xbfbf, checkpoint.get("U16").toLongs()[0]);
      assertEquals((short) 0xbfbf, checkpoint.get("I16").toLongs()[0]);
      assertEquals(0xbfbfbfbfL, checkpoint.get("U32").toLongs()[0]);
      assertEquals(0xbfbfbfbf, checkpoint.get("I32").toLongs()[0]);
      assertEquals(0xbfbfbfbfbfbfbfbfL, checkpoint.get("I64").toLongs()[0]);
      assertEquals(Float.float16ToFloat((short) 0xbfbf), checkpoint.get("F16").toFloats()[0]);
      assertEquals(Float.intBitsToFloat(0xbfbf0000), checkpoint.get("BF16").toFloats()[0]);
      assertEquals(Float.intBitsToFloat(0xbfbfbfbf), checkpoint.get("F32").toFloats()[0]);
      double f64 = Double.longBitsToDouble(0xbfbfbfbfbfbfbfbfL);
      assertEquals((float) f64, checkpoint.get("F64").toFloats()[0]);
      assertEquals(f64, checkpoint.get("F64").toDoubles()[0]);
      assertEquals(Float.intBitsToFloat(0xbfbf0000), checkpoint.get("BF16").toDoubles()[0]);
      Refusals.assertRefused(() -> checkpoint.get("I64").toFloats());
      Refusals.assertRefused(() -> checkpoint.get("F32").toLongs());
    }
  }
}
