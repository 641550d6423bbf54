package org.xlstm4j.models.image;

import java.nio.ByteBuffer;

/** The indices of a GIF frame: LZW codes of growing length in blocks of up to 255 bytes. */
final class GifCodes {
  private static final int LONGEST = 12;
  private static final int CODES = 1 << LONGEST;
  private static final int NONE = -1;

  private final ByteBuffer file;
  private final int clear;

  // a code stands for the string of another code and one index more
  private final short[] prefixes = new short[CODES];
  private final byte[] lasts = new byte[CODES];
  private final byte[] firsts = new byte[CODES];
  private final int[] lengths = new int[CODES];

  private int codeBits;
  private int next;
  private int previous = NONE;
  private int bits;
  private int bitCount;
  private int blockLeft;

  /** The string that is being handed out, from its end to its beginning. */
  private final byte[] string = new byte[CODES];

  private int stringLeft;

  /**
   * The indices of a frame.
   *
   * @param file at the first block
   * @param indexBits length of an index
   */
  GifCodes(ByteBuffer file, int indexBits) throws UnreadableImageException {
    if (indexBits < 1 || indexBits >= LONGEST) {
      throw new UnreadableImageException("frame", "indices of 1 to 11 bits", indexBits + " bits");
    }
    this.file = file;
    clear = 1 << indexBits;
    for (int i = 0; i < clear; i++) {
      lasts[i] = (byte) i;
      firsts[i] = (byte) i;
      lengths[i] = 1;
    }
    clear();
  }

  private void clear() {
    codeBits = 32 - Integer.numberOfLeadingZeros(clear);
    next = clear + 2;
    previous = NONE;
  }

  /** Fills an array with the next indices. */
  void read(byte[] indices) throws UnreadableImageException {
    for (int i = 0; i < indices.length; i++) {
      if (stringLeft == 0) {
        readString();
      }
      indices[i] = string[--stringLeft];
    }
  }

  private void readString() throws UnreadableImageException {
    int code = code();
    while (code == clear) {
      clear();
      code = code();
    }
    if (code == clear + 1) {
      throw new UnreadableImageException("pixels", "a whole GIF", "one that ends early");
    }
    if (code > next) {
      throw new UnreadableImageException("pixels", "a code up to " + next, String.valueOf(code));
    }
    if (previous != NONE && next < CODES) {
      // a code that is just being made begins like the previous string
      prefixes[next] = (short) previous;
      firsts[next] = firsts[previous];
      lasts[next] = firsts[code == next ? previous : code];
      lengths[next] = lengths[previous] + 1;
      next++;
      if (next == 1 << codeBits && codeBits < LONGEST) {
        codeBits++;
      }
    } else if (code >= next) {
      throw new UnreadableImageException("pixels", "a code below " + next, String.valueOf(code));
    }
    previous = code;
    stringLeft = lengths[code];
    for (int i = 0, at = code; i < stringLeft; i++, at = prefixes[at]) {
      string[i] = lasts[at];
    }
  }

  private int code() throws UnreadableImageException {
    while (bitCount < codeBits) {
      if (blockLeft == 0) {
        blockLeft = file.get() & 0xFF;
        if (blockLeft == 0) {
          throw new UnreadableImageException("pixels", "a whole GIF", "one that ends early");
        }
      }
      bits |= (file.get() & 0xFF) << bitCount;
      bitCount += 8;
      blockLeft--;
    }
    int code = bits & ((1 << codeBits) - 1);
    bits >>>= codeBits;
    bitCount -= codeBits;
    return code;
  }
}
