package org.xlstm4j.loader.formats;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Pickles put together opcode by opcode, valid or not. */
public final class PickleBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Single-byte opcodes, as their characters in the pickle protocol. */
  public PickleBytes op(String opcodes) {
    bytes.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public PickleBytes bytes(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  public PickleBytes u32(long value) {
    bytes.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array());
    return this;
  }

  public PickleBytes u64(long value) {
    bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  /** BINUNICODE. */
  public PickleBytes text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op("X").u32(utf8.length);
    bytes.writeBytes(utf8);
    return this;
  }

  /** LONG1 of eight bytes. */
  public PickleBytes whole(long value) {
    return bytes(0x8a, 8).u64(value);
  }

  public PickleBytes global(String module, String name) {
    return op("c" + module + "\n" + name + "\n");
  }

  public PickleBytes storage(String type, String key, long elements) {
    return op("(")
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .whole(elements)
        .op("tQ");
  }

  /** A tensor over the storage that {@code storage} wrote; shape and strides alternate. */
  public PickleBytes tensor(
      String type, String key, long elements, long offset, long[] shape, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").op("(").storage(type, key, elements).whole(offset);
    op("(");
    for (long length : shape) {
      whole(length);
    }
    op("t(");
    for (long stride : strides) {
      whole(stride);
    }
    return op("t").bytes(0x89).global("collections", "OrderedDict").op(")RtR");
  }

  /** A valid dictionary {@code {"t": tensor}} around which to put other things; no STOP yet. */
  public static PickleBytes withTensor() {
    return new PickleBytes()
        .bytes(0x80, 2)
        .op("}")
        .text("t")
        .tensor("FloatStorage", "0", 4, 0, new long[] {2, 2}, new long[] {2, 1})
        .op("s");
  }

  public byte[] stop() {
    return op(".").toByteArray();
  }

  public byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
