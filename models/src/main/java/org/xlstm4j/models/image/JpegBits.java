package org.xlstm4j.models.image;

/** The bits of one scan of a JPEG file: what lies between two markers. Not thread-safe. */
final class JpegBits {
  private static final int MARKER = 0xFF;
  private static final int RESTART = 0xD0;

  private final byte[] file;
  private int position;

  /** The next bits, in the lower {@link #count} bits. */
  private long bits;

  private int count;

  /**
   * The bits of a scan.
   *
   * @param file the whole file
   * @param position of the scan's first byte
   */
  JpegBits(byte[] file, int position) {
    this.file = file;
    this.position = position;
  }

  /** Where reading goes on behind the scan: at a marker, or before bytes that belong to nothing. */
  int position() {
    return position;
  }

  private void fill() {
    while (count <= 48 && position < file.length) {
      int next = file[position] & 0xFF;
      if (next == MARKER) {
        int behind = position + 1;
        while (behind < file.length && (file[behind] & 0xFF) == MARKER) {
          behind++;
        }
        if (behind == file.length || file[behind] != 0) {
          return;
        }
        position = behind;
      }
      position++;
      bits = bits << 8 | next;
      count += 8;
    }
  }

  /** Decodes a symbol. */
  int symbol(HuffmanTable table) throws UnreadableImageException {
    if (count < 16) {
      fill();
    }
    // behind the end come zeros, which are not counted
    int next = (int) (count >= 16 ? bits >>> (count - 16) : bits << (16 - count)) & 0xFFFF;
    int found = table.lookUp(next);
    if (found < 0 && count >= 16) {
      throw new UnreadableImageException("pixels", "a Huffman code", "other bits");
    }
    count -= found < 0 ? 16 : found >> 8;
    if (count < 0) {
      throw endsEarly();
    }
    return found & 0xFF;
  }

  /** Reads a number of up to 16 bits. */
  int bits(int length) throws UnreadableImageException {
    if (count < length) {
      fill();
      if (count < length) {
        throw endsEarly();
      }
    }
    count -= length;
    return (int) (bits >>> count) & ((1 << length) - 1);
  }

  /** Reads a number of some bits whose first bit tells the sign. */
  int signed(int length) throws UnreadableImageException {
    if (length == 0) {
      return 0;
    }
    int value = bits(length);
    return value >= 1 << (length - 1) ? value : value - (1 << length) + 1;
  }

  /**
   * Goes on behind a restart marker.
   *
   * @param number of the marker, 0 to 7
   */
  void restart(int number) throws UnreadableImageException {
    bits = 0;
    count = 0;
    while (position + 1 < file.length) {
      int marker = file[position + 1] & 0xFF;
      if ((file[position] & 0xFF) != MARKER || marker == 0 || marker == MARKER) {
        position++;
      } else if (marker == RESTART + number) {
        position += 2;
        return;
      } else {
        throw new UnreadableImageException(
            "pixels", "restart marker " + number, "marker %02X".formatted(marker));
      }
    }
    throw endsEarly();
  }

  private static UnreadableImageException endsEarly() {
    return new UnreadableImageException("pixels", "a whole JPEG", "one that ends early");
  }
}
