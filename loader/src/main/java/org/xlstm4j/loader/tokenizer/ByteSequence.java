package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;

/** A growing sequence of bytes, mostly UTF-8. */
final class ByteSequence {
  private static final char REPLACEMENT = '\uFFFD';

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
        size += Utf8.encode(codePoint, bytes, size);
      }
    }
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Removes all bytes and returns their text, see {@link #takeWholeCharacters}. */
  String takeText() {
    String text = takeWholeCharacters();
    if (size > 0) {
      size = 0;
      return text + REPLACEMENT;
    }
    return text;
  }

  /**
   * Removes all bytes but an incomplete character at the end and returns their text. Each longest
   * beginning of a character that does not go on, and each byte that begins none, gives one U+FFFD,
   * as the Unicode standard recommends. (Java's decoder gives fewer for encoded surrogates.)
   */
  String takeWholeCharacters() {
    StringBuilder text = new StringBuilder(size);
    int i = 0;
    while (i < size) {
      int length = Utf8.length(bytes[i]);
      int present = Utf8.beginning(bytes, i, size);
      if (present == length) {
        text.appendCodePoint(Utf8.codePoint(bytes, i, length));
      } else if (present > 0 && i + present == size) {
        break;
      } else {
        text.append(REPLACEMENT);
      }
      i += Math.max(present, 1);
    }
    System.arraycopy(bytes, i, bytes, 0, size - i);
    size -= i;
    return text.toString();
  }

  private void reserve(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), size + (size >> 1)));
    }
  }
}
