package org.xlstm4j.loader.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xlstm4j.loader.Refusals.assertRefused;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.config.ConfigBytes;
import org.xlstm4j.loader.config.Value;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/** Archives written by PyTorch ({@code make_archives.py} beside them), and what one could forge. */
@Tag("slow")
class TorchArchiveTest {
  @TempDir Path folder;

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = TorchArchiveTest.class.getResourceAsStream("/archives/" + name)) {
      assertNotNull(in);
      return in.readAllBytes();
    }
  }

  private Checkpoint open(byte[] archive) throws IOException {
    return Checkpoint.open(Files.write(folder.resolve("x.ckpt"), archive));
  }

  private static Map<String, byte[]> entries(byte[] pickle) {
    ByteBuffer storage = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    storage.putFloat(1).putFloat(2).putFloat(3).putFloat(4);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("x/data.pkl", pickle);
    entries.put("x/byteorder", "little".getBytes(StandardCharsets.UTF_8));
    entries.put("x/data/0", storage.array());
    return entries;
  }

  private Checkpoint unpickle(byte[] pickle) throws IOException {
    return open(ZipBytes.stored(entries(pickle)));
  }

  @Test
  void readsALightningCheckpoint() throws IOException {
    try (Checkpoint checkpoint = open(resource("lightning.ckpt"))) {
      float[] base = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
      assertEquals(16, checkpoint.names().size());
      for (String name : List.of("float32", "float64", "float16", "bfloat16")) {
        assertArrayEquals(base, checkpoint.get(name).toFloats(), name);
        assertArrayEquals(new int[] {3, 4}, checkpoint.get(name).dimensions());
      }
      assertEquals(TensorType.BF16, checkpoint.get("bfloat16").type());
      assertArrayEquals(
          new float[] {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11},
          checkpoint.get("transposed").toFloats());
      assertArrayEquals(new float[] {1, 5, 9}, checkpoint.get("column").toFloats());
      assertArrayEquals(new float[] {8, 9, 10, 11}, checkpoint.get("tail").toFloats());
      for (String name : List.of("int64", "int32", "int16", "int8")) {
        assertArrayEquals(new long[] {1, -2}, checkpoint.get(name).toLongs(), name);
      }
      assertArrayEquals(new long[] {1, 254}, checkpoint.get("uint8").toLongs());
      assertArrayEquals(new long[] {1, 0}, checkpoint.get("truth").toLongs());
      assertEquals(0, checkpoint.get("scalar").shape().length);
      assertArrayEquals(new float[] {2.5f}, checkpoint.get("scalar").toFloats());
      assertArrayEquals(new int[] {0, 3}, checkpoint.get("empty").dimensions());
      assertArrayEquals(new float[] {1, 1}, checkpoint.get("parameter").toFloats());
    }
  }

  @Test
  void givesThePlainValues() throws IOException {
    try (Checkpoint checkpoint = open(resource("lightning.ckpt"))) {
      Config attributes = checkpoint.attributes();
      assertEquals(
          List.of("hyper_parameters", "optimizer_states", "epoch"), List.copyOf(attributes.keys()));
      Config config = attributes.child("hyper_parameters");
      assertEquals(4, config.integer("width", 0, 10));
      assertEquals(1e-6, config.number("rate"));
      assertEquals(List.of("a", "b"), config.texts("names"));
      assertTrue(config.isNull("nothing"));
      assertTrue(config.bool("flag"));
      assertEquals(0x1p63, config.number("big"));
      assertEquals(-0x1p40, config.number("negative"));
      assertArrayEquals(new int[] {1, 2}, config.integers("size", 0, 9));
      assertEquals(Config.Kind.LIST, config.kind("inner.list"));
      assertRefused(
          () -> attributes.integer("hyper_parameters.width", 5, 6),
          "x.ckpt: hyper_parameters.width: ");
    }
  }

  @Test
  void readsATrainingRun() throws IOException {
    Path run = Files.write(folder.resolve("run.zip"), resource("run.zip"));
    for (Path path : List.of(run, folder)) {
      try (Checkpoint checkpoint = Checkpoint.open(path)) {
        assertEquals(
            List.of("module.weight", "pytorch_variables.state_mean"),
            List.copyOf(checkpoint.names()));
        assertEquals(12, checkpoint.get("module.weight").toFloats().length);
        assertArrayEquals(
            new float[] {0.5f, 1.5f}, checkpoint.get("pytorch_variables.state_mean").toFloats());
      }
    }
  }

  /** Without a file: mapping one takes a millisecond. */
  private static CheckpointContents read(byte[] archive) throws IOException {
    FileBytes file = new FileBytes(Path.of("x.ckpt"), MemorySegment.ofArray(archive));
    return TorchArchive.read(file, Arena.ofAuto());
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear.pth", "run.zip"})
  void refusesTruncationAtEveryByte(String name) throws IOException {
    byte[] valid = resource(name);
    assertEquals(2, read(valid).tensors().size());
    for (int length = 0; length < valid.length; length++) {
      byte[] truncated = Arrays.copyOf(valid, length);
      assertRefused(() -> read(truncated));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear.pth", "run.zip"})
  void anyChangedBitIsRefusedOrHarmless(String name) throws IOException {
    byte[] valid = resource(name);
    int refusals = 0;
    for (int bit = 0; bit < valid.length * 8; bit++) {
      byte[] changed = valid.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        List<Tensor> tensors = read(changed).tensors();
        assertTrue(!tensors.isEmpty() && tensors.size() <= 2, "bit " + bit);
        for (Tensor tensor : tensors) {
          assertEquals(tensor.type().bytes(tensor.shape()), tensor.data().byteSize(), "bit " + bit);
        }
      } catch (ModelFormatException refused) {
        assertFalse(refused.getMessage().contains("\n"));
        refusals++;
      }
    }
    assertTrue(refusals > valid.length);
  }

  @Test
  void readsAForgedArchive() throws IOException {
    try (Checkpoint checkpoint = unpickle(PickleBytes.withTensor().stop())) {
      assertArrayEquals(new float[] {1, 2, 3, 4}, checkpoint.get("t").toFloats());
    }
  }

  @Test
  void readsNewerProtocols() throws IOException {
    byte[] pickle =
        new PickleBytes()
            .bytes(0x80, 4, 0x95)
            .u64(0)
            .op("}")
            .bytes(0x94, 0x8c, 1, 't', 0x94)
            .tensor("FloatStorage", "0", 4, 0, new long[] {4}, new long[] {1})
            .op("s")
            .bytes(0x8d)
            .u64(1)
            .op("u")
            .bytes(0x8c, 11, 'c', 'o', 'l', 'l', 'e', 'c', 't', 'i', 'o', 'n', 's')
            .bytes(0x8c, 11, 'O', 'r', 'd', 'e', 'r', 'e', 'd', 'D', 'i', 'c', 't', 0x93)
            .op(")Rs")
            .stop();
    try (Checkpoint checkpoint = unpickle(pickle)) {
      assertEquals(List.of("t"), List.copyOf(checkpoint.names()));
      assertTrue(checkpoint.attributes().child("u").keys().isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "os system",
        "posix system",
        "builtins eval",
        "builtins getattr",
        "__builtin__ exec",
        "torch load",
        "torch._utils _rebuild_tensor",
        "torch.hub load",
        "torch.jit._pickle restore_type_tag",
        "collections defaultdict",
        "torch FloatStorage.__init__",
        "torch.FloatStorage ",
        "numpy.core.multiarray _reconstruct",
        "subprocess Popen",
      })
  void refusesEveryOtherName(String global) {
    String[] parts = global.split(" ", 2);
    assertRefused(
        () ->
            unpickle(PickleBytes.withTensor().global(parts[0], parts[1]).text("x").op("R").stop()),
        "x/data.pkl byte ",
        "only the names of PyTorch's tensors",
        parts[0] + "." + parts[1]);
    assertRefused(
        () -> unpickle(new PickleBytes().text(parts[0]).text(parts[1]).bytes(0x93).stop()),
        parts[0] + "." + parts[1]);
  }

  @Test
  void refusesEveryOtherOpcode() {
    String plain =
        "NJKMGX])}ae(t\u0085\u0086\u0087suhqjr\u0094c\u0093RbQ\u0080\u0088\u0089\u008a\u008c\u008d\u0095.";
    for (int code = 0; code < 256; code++) {
      if (plain.indexOf(code) < 0) {
        byte[] pickle = new PickleBytes().op("}").bytes(code).stop();
        PickleOpcode opcode = PickleOpcode.of(code);
        assertRefused(
            () -> unpickle(pickle), opcode == null ? "found byte " + code : "opcode " + opcode);
      }
    }
  }

  @Test
  void refusesOtherCalls() {
    assertRefused(
        () -> unpickle(new PickleBytes().global("torch", "FloatStorage").op(")R").stop()),
        "a call of torch.FloatStorage with 0 arguments");
    assertRefused(
        () ->
            unpickle(
                new PickleBytes().global("collections", "OrderedDict").op("](\u0085R").stop()));
    assertRefused(
        () -> unpickle(new PickleBytes().text("os.system").text("x").bytes(0x85).op("R").stop()),
        "a call of \"os.system\"");
    assertRefused(
        () -> unpickle(new PickleBytes().global("torch", "Size").op(")\u0085R").stop()),
        "a dictionary");
    assertRefused(() -> unpickle(PickleBytes.withTensor().op("]b").stop()), "attributes");
    assertRefused(() -> unpickle(new PickleBytes().op("]}b").stop()), "attributes");
    assertRefused(
        () ->
            unpickle(
                new PickleBytes().global("torch._utils", "_rebuild_tensor_v2").op(")R").stop()),
        "a tensor (storage");
    assertRefused(
        () ->
            unpickle(
                new PickleBytes()
                    .global("torch._utils", "_rebuild_parameter")
                    .op("NNN\u0087R")
                    .stop()));
  }

  @Test
  void refusesAMachineOutOfOrder() {
    for (String opcodes :
        List.of(
            "",
            "s",
            "}s",
            "}Ns",
            "(",
            "t",
            "u",
            "}(Nu",
            "]a",
            "e",
            "(e",
            "}(e",
            "N(e",
            "\u0085",
            "N\u0086",
            "R",
            "NR",
            "b",
            "}b",
            "Q",
            "NQ",
            "q\u0000",
            "h\u0000",
            "Nq\u0000h\u0001",
            "NN",
            "N(",
            "\u0080\u0006N",
            "(]e",
            "}(NNu",
            "}]Ns",
            "}(tNs",
            "\u0094",
            "\u0093",
            "NN\u0093",
            "cos",
            "c\n",
            "X\u0001\u0000\u0000\u0000\u00ff",
            "]N}s",
            "}N\u0088")) {
      assertRefused(() -> unpickle(new PickleBytes().op(opcodes).stop()), "x/data.pkl");
    }
    assertRefused(() -> unpickle(new PickleBytes().op("N.").stop()), "one object");
    assertRefused(
        () -> unpickle(PickleBytes.withTensor().text("t").op("Ns").stop()), "each key once");
    assertRefused(() -> unpickle(new PickleBytes().op("N").toByteArray()), "1 more bytes");
  }

  @Test
  void hugeLengthsAllocateNothing() {
    assertRefused(
        () -> unpickle(new PickleBytes().op("X").u32(-1).stop()), "4294967295 more bytes");
    assertRefused(
        () -> unpickle(new PickleBytes().bytes(0x8d).u64(-1).stop()), "18446744073709551615");
    assertRefused(() -> unpickle(new PickleBytes().bytes(0x8d).u64(1L << 40).stop()), "more bytes");
    assertRefused(() -> unpickle(new PickleBytes().bytes(0x8a, 255).stop()), "255 more bytes");
    assertRefused(() -> unpickle(new PickleBytes().op("Nr").u32(-1).stop()), "memo index");
    assertRefused(() -> unpickle(new PickleBytes().op("Nr").u32(1 << 30).stop()), "memo index");
    assertRefused(() -> unpickle(new PickleBytes().op("Nj").u32(-1).stop()), "memo index");
    assertRefused(() -> unpickle(new PickleBytes().op("(".repeat(1 << 19)).stop()), "on the stack");
    assertRefused(() -> unpickle(new PickleBytes().op("N".repeat(1 << 19)).stop()), "on the stack");
    assertRefused(() -> unpickle(new PickleBytes().op("]".repeat(1 << 19)).stop()), "on the stack");
    assertRefused(() -> unpickle(new byte[16_000_001]), "at most 16000000 bytes");
  }

  /** Lists of lists of one shared empty dictionary next to a long text. */
  @Test
  void smallArchivesTakeLittleMemory() throws IOException {
    String inner = "(" + "h\u0001".repeat(1000) + "e";
    String outer = "(" + "h\u0002".repeat(1000) + "e";
    byte[] shared =
        PickleBytes.withTensor()
            .text("padding")
            .text("x".repeat(600_000))
            .op("s")
            .text("d")
            .op("}q\u0001s")
            .text("l")
            .op("]" + inner + "q\u0002s")
            .text("m")
            .op("]" + outer + "s")
            .stop();
    try (Checkpoint checkpoint = unpickle(shared)) {
      Value.Items lists = (Value.Items) ConfigBytes.value(checkpoint.attributes(), "m");
      assertEquals(1000, lists.values().size());
      assertSame(lists.values().getFirst(), lists.values().getLast());
      assertSame(ConfigBytes.value(checkpoint.attributes(), "l"), lists.values().getFirst());
    }
  }

  /** Each part of a few bytes appends an object of up to a thousand bytes to a list. */
  @Test
  void manyObjectsOfFewBytesAreRefused() throws IOException {
    Map<String, Integer> parts = new LinkedHashMap<>();
    parts.put("h\u0000h\u0001Ra", 20_000); // tensors of 64 dimensions
    parts.put("h\u0002Qa", 80_000); // storages
    parts.put("\u008c\u0000a", 200_000); // texts
    parts.put("\u008a\u0000a", 500_000); // numbers
    parts.put("]a", 300_000);
    parts.put(")\u0085a", 300_000);
    parts.put("}NNsa", 80_000);
    for (Map.Entry<String, Integer> part : parts.entrySet()) {
      String many = part.getKey().repeat(part.getValue());
      assertRefused(() -> read(entriesOf(parted(many))), "bytes of memory");
      String few = part.getKey().repeat(part.getValue() / 40);
      assertEquals(1, read(entriesOf(parted(few))).tensors().size(), part.getKey());
    }
  }

  private static byte[] entriesOf(byte[] pickle) throws IOException {
    return ZipBytes.stored(entries(pickle));
  }

  /** A tensor of 64 dimensions, whose constructor, arguments and storage are memoized; a list. */
  private static byte[] parted(String parts) {
    String shape = "(" + "K\u0001".repeat(64) + "t";
    return new PickleBytes()
        .op("}")
        .text("t")
        .global("torch._utils", "_rebuild_tensor_v2")
        .op("q\u0000((")
        .text("storage")
        .global("torch", "FloatStorage")
        .text("0")
        .text("cpu")
        .op("K\u0004tq\u0002QK\u0000" + shape + shape + "\u0089Ntq\u0001Rs")
        .text("l")
        .op("]" + parts + "s")
        .stop();
  }

  @Test
  void sharedAndEndlessObjectsEnd() {
    // l = [l]
    assertRefused(
        () -> unpickle(PickleBytes.withTensor().text("l").op("]q\u0001h\u0001as").stop()),
        "contain each other");
    byte[] doubling = PickleBytes.withTensor().text("l").op(nested(30)).op("s").stop();
    assertRefused(() -> unpickle(doubling), "contain each other");
    // Nesting without sharing: no recursion while it is read, bounded when it is converted.
    String deep = "]".repeat(900) + "a".repeat(899);
    assertRefused(
        () -> unpickle(PickleBytes.withTensor().text("l").op(deep).op("s").stop()), "nested");
    byte[] tuples =
        PickleBytes.withTensor().text("l").op(")" + "\u0085".repeat(900)).op("s").stop();
    assertRefused(() -> unpickle(tuples), "nested");
  }

  /** Tuples of two references to the tuple before: 2^depth values. */
  private static String nested(int depth) {
    return ")q\u0000" + "h\u0000\u0086q\u0000".repeat(depth);
  }

  @Test
  void refusesTensorsBeyondTheirStorage() throws IOException {
    long[][][] beyond = {
      {{5}, {1}},
      {{2, 3}, {3, 1}},
      {{2, 2}, {3, 1}},
      {{2, 2}, {4, 1}},
      {{1L << 62, 4}, {4, 1}},
      {{1L << 32, 1L << 32}, {1L << 32, 1}},
      {{Long.MAX_VALUE}, {1}},
      {{2}, {Long.MAX_VALUE}},
      {{2, 2}, {1L << 62, 1L << 62}},
      {{1L << 40}, {0}},
      {{8}, {0}},
      {{-1}, {1}},
      {{2}, {-1}},
      {{2, 2}, {1}},
      {{2}, {1, 1}},
      {new long[65], new long[65]},
    };
    for (long[][] layout : beyond) {
      assertRefused(() -> unpickle(tensor(4, 0, layout[0], layout[1])), "x.ckpt: x/data");
    }
    for (long offset : new long[] {-1, 1, 4, 5, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertRefused(() -> unpickle(tensor(4, offset, new long[] {4}, new long[] {1})));
      assertRefused(() -> unpickle(tensor(4, offset, new long[] {2, 2}, new long[] {1, 2})));
    }
    for (long elements : new long[] {0, 3, 5, -4, 1L << 62, Long.MAX_VALUE, (1L << 62) + 4}) {
      assertRefused(
          () -> unpickle(tensor(elements, 0, new long[] {0}, new long[] {1})), "x/data/0");
    }
    try (Checkpoint checkpoint =
        unpickle(tensor(4, 1, new long[] {1, 3, 1}, new long[] {99, 1, 7}))) {
      assertArrayEquals(new float[] {2, 3, 4}, checkpoint.get("t").toFloats());
    }
    try (Checkpoint checkpoint = unpickle(tensor(4, 3, new long[] {2, 2}, new long[] {0, 0}))) {
      assertArrayEquals(new float[] {4, 4, 4, 4}, checkpoint.get("t").toFloats());
    }
  }

  private static byte[] tensor(long elements, long offset, long[] shape, long[] strides) {
    return new PickleBytes()
        .op("}")
        .text("t")
        .tensor("FloatStorage", "0", elements, offset, shape, strides)
        .op("s")
        .stop();
  }

  @Test
  void copiesTakeNoMoreThanTheArchive() throws IOException {
    PickleBytes shared = new PickleBytes().op("}").text("first");
    shared.tensor("FloatStorage", "0", 4, 0, new long[] {2, 2}, new long[] {1, 2}).op("q\u0000s");
    for (int i = 0; i < 10_000; i++) {
      shared.text("t" + i).op("h\u0000s");
    }
    try (Checkpoint checkpoint = unpickle(shared.stop())) {
      assertEquals(10_001, checkpoint.names().size());
    }
    PickleBytes copies = new PickleBytes().op("}");
    for (int i = 0; i < 3; i++) {
      copies.text("t" + i);
      copies.tensor("FloatStorage", "0", 1 << 14, 0, new long[] {128, 128}, new long[] {1, 128});
      copies.op("s");
    }
    Map<String, byte[]> entries = entries(copies.stop());
    entries.put("x/data/0", new byte[1 << 16]);
    assertRefused(
        () -> open(ZipBytes.stored(entries)),
        "x/data/0",
        "tensors no larger than their storages",
        "65536 bytes");
  }

  @Test
  void refusesOtherArchives() throws IOException {
    Map<String, byte[]> entries = entries(PickleBytes.withTensor().stop());
    assertRefused(() -> open(ZipBytes.deflated(entries)), "a stored entry", "compression method 8");
    entries.remove("x/data/0");
    assertRefused(() -> open(ZipBytes.stored(entries)), "x/data/0", "found none");
    assertRefused(() -> open(ZipBytes.stored(Map.of("a", new byte[1]))), "data.pkl", "policy.pth");
    assertRefused(() -> open(ZipBytes.stored(Map.of("policy.pth", new byte[1]))));
    Map<String, byte[]> big = entries(PickleBytes.withTensor().stop());
    big.put("x/byteorder", "big".getBytes(StandardCharsets.UTF_8));
    assertRefused(() -> open(ZipBytes.stored(big)), "x/byteorder", "expected little");
    assertRefused(() -> unpickle(new PickleBytes().op("N").stop()), "a dictionary", "null");
    assertRefused(() -> unpickle(new PickleBytes().op("}").text("epoch").op("Ns").stop()), "epoch");
    assertRefused(
        () -> unpickle(new PickleBytes().op("}").text("state_dict").op("Ns").stop()), "state_dict");
    assertRefused(() -> open(new byte[100_000]), "zip format");
  }

  @Test
  void aFileNamedLikeAnArchiveMayHoldSafetensors() throws IOException {
    try (Checkpoint checkpoint = open(SafetensorsBytes.valid())) {
      assertArrayEquals(new float[] {1, 2, 3, 4}, checkpoint.get("a").toFloats());
    }
  }
}
