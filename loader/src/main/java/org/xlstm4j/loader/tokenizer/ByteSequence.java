package org.xlstm4j.loader.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing sequence of bytes, mostly UTF-8. */
final class ByteSequence {
  private byte[] bytes = new byte[64];
  private int size;

  int size() {
    return size;
  }

  byte get(int position) {
    return bytes[position];
  }

  void clear() {
    size = 0;
  }

  void add(byte value) {
    reserve(1);
    bytes[size++] = value;
  }

  /** Appends well-formed UTF-16 text as UTF-8. */
  void addUtf8(char[] text, int from, int to) {
    reserve(Math.multiplyExact(3, to - from));
    int i = from;
    while (i < to) {
      char character = text[i];
      if (character < 0x80) {
        bytes[size++] = (byte) character;
        i++;
      } else {
        int codePoint = Character.codePointAt(text, i, to);
        i += Character.charCount(codePoint);
        addEncoded(codePoint);
      }
    }
  }

  private void addEncoded(int codePoint) {
    if (codePoint < 0x800) {
      bytes[size++] = (byte) (0xC0 | (codePoint >> 6));
    } else {
      if (codePoint < 0x10000) {
        bytes[size++] = (byte) (0xE0 | (codePoint >> 12));
      } else {
        bytes[size++] = (byte) (0xF0 | (codePoint >> 18));
        bytes[size++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
      }
      bytes[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
    }
    bytes[size++] = (byte) (0x80 | (codePoint & 0x3F));
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  /**
   * The first {@code length} bytes as text, with U+FFFD for what is not UTF-8; they are removed.
   */
  String takeText(int length) {
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    System.arraycopy(bytes, length, bytes, 0, size - length);
    size -= length;
    return text;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), size + (size >> 1)));
    }
  }
}
