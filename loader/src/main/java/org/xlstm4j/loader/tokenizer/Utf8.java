package org.xlstm4j.loader.tokenizer;

/** The encoding UTF-8, character by character. */
final class Utf8 {
  private Utf8() {}

  /** Writes a code point from U+0080 on and returns its length in bytes. */
  static int encode(int codePoint, byte[] out, int position) {
    int length = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    int rest = codePoint;
    for (int i = length - 1; i > 0; i--) {
      out[position + i] = (byte) (0x80 | (rest & 0x3F));
      rest >>= 6;
    }
    out[position] = (byte) ((0xF00 >> length) | rest);
    return length;
  }

  /** The length in bytes of a character with this first byte, or -1 if none begins so. */
  static int length(byte first) {
    int lead = first & 0xFF;
    if (lead < 0x80) {
      return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
      return -1;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }

  /** How many bytes from {@code from} on are the beginning of a character, or all of it. */
  static int beginning(byte[] bytes, int from, int to) {
    int length = length(bytes[from]);
    if (length < 0) {
      return 0;
    }
    int present = 1;
    while (present < length && from + present < to && continues(bytes, from, present)) {
      present++;
    }
    return present;
  }

  /** Whether a byte can go on a character: neither overlong, nor a surrogate, nor too high. */
  private static boolean continues(byte[] bytes, int from, int index) {
    int lead = bytes[from] & 0xFF;
    int value = bytes[from + index] & 0xFF;
    if (index == 1) {
      int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
      int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
      return value >= lowest && value <= highest;
    }
    return value >= 0x80 && value <= 0xBF;
  }

  /** The code point of a whole character of this length. */
  static int codePoint(byte[] bytes, int from, int length) {
    if (length == 1) {
      return bytes[from];
    }
    int codePoint = bytes[from] & (0x7F >> length);
    for (int i = 1; i < length; i++) {
      codePoint = (codePoint << 6) | (bytes[from + i] & 0x3F);
    }
    return codePoint;
  }
}
