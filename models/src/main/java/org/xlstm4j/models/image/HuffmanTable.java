package org.xlstm4j.models.image;

import java.nio.ByteBuffer;

/** A Huffman code of a JPEG file, prepared for decoding. Immutable. */
final class HuffmanTable {
  /** Codes of up to so many bits are looked up at once. */
  private static final int FAST_BITS = 9;

  private static final int LONGEST = 16;

  private static final int[] DC_SYMBOLS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

  /** The code for differences of brightness that the standard suggests. */
  static final HuffmanTable STANDARD_LUMA_DC =
      new HuffmanTable(new int[] {0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0}, DC_SYMBOLS);

  /** The code for differences of color that the standard suggests. */
  static final HuffmanTable STANDARD_CHROMA_DC =
      new HuffmanTable(new int[] {0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0}, DC_SYMBOLS);

  /** The code for details of brightness that the standard suggests. */
  static final HuffmanTable STANDARD_LUMA_AC =
      new HuffmanTable(
          new int[] {0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D},
          symbols(
              "01020300041105122131410613516107227114328191A1082342B1C11552D1F024336272"
                  + "82090A161718191A25262728292A3435363738393A434445464748494A53545556575859"
                  + "5A636465666768696A737475767778797A838485868788898A92939495969798999AA2A3"
                  + "A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2"
                  + "E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA"));

  /** The code for details of color that the standard suggests. */
  static final HuffmanTable STANDARD_CHROMA_AC =
      new HuffmanTable(
          new int[] {0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77},
          symbols(
              "000102031104052131061241510761711322328108144291A1B1C109233352F0156272D1"
                  + "0A162434E125F11718191A262728292A35363738393A434445464748494A535455565758"
                  + "595A636465666768696A737475767778797A82838485868788898A92939495969798999A"
                  + "A2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DA"
                  + "E2E3E4E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA"));

  /** Of the next bits: the length of the code they begin with and its symbol; 0 if it is longer. */
  private final short[] fast = new short[1 << FAST_BITS];

  /** For each length, the first number of 16 bits that begins with a longer code. */
  private final int[] limits = new int[LONGEST + 1];

  /** For each length, what a code is to be moved by to become the index of its symbol. */
  private final int[] offsets = new int[LONGEST + 1];

  private final int[] symbols;

  private HuffmanTable(int[] counts, int[] symbols) {
    this.symbols = symbols;
    int code = 0;
    int index = 0;
    for (int length = 1; length <= LONGEST; length++) {
      offsets[length] = index - code;
      for (int i = 0; i < counts[length - 1]; i++, index++, code++) {
        if (length <= FAST_BITS) {
          int first = code << (FAST_BITS - length);
          int end = (code + 1) << (FAST_BITS - length);
          for (int bits = first; bits < end; bits++) {
            fast[bits] = (short) (length << 8 | symbols[index]);
          }
        }
      }
      limits[length] = code << (LONGEST - length);
      code <<= 1;
    }
  }

  /**
   * Reads a table from the body of a segment.
   *
   * @param body behind the table's number
   * @param mostSymbol largest symbol that makes sense
   */
  static HuffmanTable read(ByteBuffer body, int mostSymbol) throws UnreadableImageException {
    int[] counts = new int[LONGEST];
    int total = 0;
    int code = 0;
    for (int length = 1; length <= LONGEST; length++) {
      counts[length - 1] = body.get() & 0xFF;
      total += counts[length - 1];
      code += counts[length - 1];
      if (code > 1 << length || total > 256) {
        throw new UnreadableImageException("Huffman table", "a code", "more codes than bits allow");
      }
      code <<= 1;
    }
    int[] symbols = new int[total];
    for (int i = 0; i < total; i++) {
      symbols[i] = body.get() & 0xFF;
      if (symbols[i] > mostSymbol) {
        throw new UnreadableImageException(
            "Huffman table", "symbols up to " + mostSymbol, String.valueOf(symbols[i]));
      }
    }
    return new HuffmanTable(counts, symbols);
  }

  private static int[] symbols(String hex) {
    int[] symbols = new int[hex.length() / 2];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = Integer.parseInt(hex, 2 * i, 2 * i + 2, 16);
    }
    return symbols;
  }

  /**
   * The code that bits begin with.
   *
   * @param bits the next 16 bits
   * @return its length times 256, plus its symbol; negative if there is no such code
   */
  int lookUp(int bits) {
    int entry = fast[bits >> (LONGEST - FAST_BITS)];
    if (entry != 0) {
      return entry;
    }
    for (int length = FAST_BITS + 1; length <= LONGEST; length++) {
      if (bits < limits[length]) {
        return length << 8 | symbols[offsets[length] + (bits >> (LONGEST - length))];
      }
    }
    return -1;
  }
}
