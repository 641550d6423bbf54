package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;

/**
 * GPT-2's printable stand-ins for the 256 byte values, in which vocabularies are written.
 *
 * <p>Printable characters of Latin-1 stand for themselves; the other 68 bytes, in order, are U+0100
 * and up. So a space is written U+0120.
 */
final class ByteAlphabet {
  /** One more than the last character of the alphabet. */
  private static final int END = 0x144;

  private static final char[] CHARACTER = new char[256];
  private static final short[] BYTE = new short[END];

  static {
    Arrays.fill(BYTE, (short) -1);
    char spare = 0x100;
    for (int value = 0; value < 256; value++) {
      boolean printable =
          (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
      char character = printable ? (char) value : spare++;
      CHARACTER[value] = character;
      BYTE[character] = (short) value;
    }
  }

  private ByteAlphabet() {}

  /** The character that stands for {@code value}, 0 to 255. */
  static char character(int value) {
    return CHARACTER[value];
  }

  /** The byte that {@code character} stands for, 0 to 255, or -1 if it is not of the alphabet. */
  static int value(char character) {
    return character < END ? BYTE[character] : -1;
  }
}
