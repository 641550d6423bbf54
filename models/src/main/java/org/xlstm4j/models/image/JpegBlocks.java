package org.xlstm4j.models.image;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Reads blocks of one component in a scan: whole ones of a sequential picture, or of a progressive
 * one some coefficients or one more bit of them.
 */
final class JpegBlocks {
  /** Index in a block of each coefficient in the order of the file. */
  static final int[] ZIGZAG = zigzag();

  /**
   * What a scan holds: all coefficients of a sequential picture; of a progressive one the first
   * coefficients or some others, in whole or one more bit.
   *
   * @param first coefficient in the order of the file
   * @param last coefficient
   * @param bitsBefore lower bits that were missing before; 0 if these are the coefficients' first
   * @param bitsMissing lower bits that are still missing
   */
  record Band(int first, int last, int bitsBefore, int bitsMissing) {
    boolean isWhole() {
      return first == 0 && last > 0;
    }

    boolean needsDc() {
      return first == 0 && bitsBefore == 0;
    }

    boolean needsAc() {
      return last > 0;
    }
  }

  private final JpegComponent component;
  private final Band band;
  private final @Nullable HuffmanTable dc;
  private final @Nullable HuffmanTable ac;
  private final JpegBits bits;
  private final short[] coefficients;
  private int previous;

  /** Blocks to come, with the current one, without new coefficients. */
  private int emptyBlocks;

  /**
   * A reader of blocks.
   *
   * @param component whose blocks
   * @param band which coefficients
   * @param dc code of the first coefficients, if the band needs it
   * @param ac code of the others, if the band needs it
   * @param bits of the scan
   */
  JpegBlocks(
      JpegComponent component,
      Band band,
      @Nullable HuffmanTable dc,
      @Nullable HuffmanTable ac,
      JpegBits bits) {
    this.component = component;
    this.band = band;
    this.dc = dc;
    this.ac = ac;
    this.bits = bits;
    coefficients = component.coefficients();
  }

  JpegComponent component() {
    return component;
  }

  /** Forgets the blocks before a restart. */
  void restart() {
    previous = 0;
    emptyBlocks = 0;
  }

  /** Reads what the scan holds of a block. */
  void read(int row, int column) throws UnreadableImageException {
    int at = component.block(row, column);
    if (band.isWhole()) {
      firstDc(at);
      wholeAc(at);
    } else if (band.first == 0) {
      if (band.bitsBefore == 0) {
        firstDc(at);
      } else {
        coefficients[at] |= (short) (bits.bits(1) << band.bitsMissing);
      }
    } else if (band.bitsBefore == 0) {
      firstAc(at);
    } else {
      refineAc(at);
    }
  }

  private void firstDc(int at) throws UnreadableImageException {
    previous += bits.signed(bits.symbol(requireNonNull(dc)));
    coefficients[at] = (short) (previous << band.bitsMissing);
  }

  private void wholeAc(int at) throws UnreadableImageException {
    HuffmanTable code = requireNonNull(ac);
    for (int k = 1; k < 64; k++) {
      int symbol = bits.symbol(code);
      int size = symbol & 15;
      if (size == 0) {
        if (symbol >> 4 != 15) {
          return;
        }
        k += 15;
      } else {
        k += symbol >> 4;
        put(at, k, bits.signed(size));
      }
    }
  }

  private void firstAc(int at) throws UnreadableImageException {
    if (emptyBlocks > 0) {
      emptyBlocks--;
      return;
    }
    HuffmanTable code = requireNonNull(ac);
    for (int k = band.first; k <= band.last; k++) {
      int symbol = bits.symbol(code);
      int size = symbol & 15;
      if (size != 0) {
        k += symbol >> 4;
        put(at, k, bits.signed(size) << band.bitsMissing);
      } else if (symbol >> 4 == 15) {
        k += 15;
      } else {
        emptyBlocks = emptyBlocks(symbol >> 4) - 1;
        return;
      }
    }
  }

  private int emptyBlocks(int size) throws UnreadableImageException {
    return (1 << size) + bits.bits(size);
  }

  private void put(int at, int k, int value) throws UnreadableImageException {
    if (k > 63) {
      throw new UnreadableImageException("pixels", "64 coefficients in a block", "more than that");
    }
    coefficients[at + ZIGZAG[k]] = (short) value;
  }

  /** One more bit of the coefficients that are not 0, and new ones that it makes 1 or -1. */
  private void refineAc(int at) throws UnreadableImageException {
    HuffmanTable code = requireNonNull(ac);
    int k = band.first;
    while (emptyBlocks == 0 && k <= band.last) {
      int symbol = bits.symbol(code);
      int zeros = symbol >> 4;
      int fresh = 0;
      if ((symbol & 15) != 0) {
        fresh = bits.bits(1) == 0 ? -1 << band.bitsMissing : 1 << band.bitsMissing;
      } else if (zeros != 15) {
        emptyBlocks = emptyBlocks(zeros);
        break;
      }
      k = refineUntilZeros(at, k, zeros);
      if (fresh != 0) {
        put(at, k, fresh);
      }
      k++;
    }
    if (emptyBlocks > 0) {
      refineUntilZeros(at, k, 64);
      emptyBlocks--;
    }
  }

  /** Refines what is not 0 until as many zeros are passed, and returns the place of the next. */
  private int refineUntilZeros(int at, int first, int zeros) throws UnreadableImageException {
    int left = zeros;
    int k = first;
    for (; k <= band.last; k++) {
      int index = at + ZIGZAG[k];
      int value = coefficients[index];
      if (value == 0) {
        if (--left < 0) {
          break;
        }
      } else if (bits.bits(1) != 0) {
        int bit = 1 << band.bitsMissing;
        // a bit that came twice in a damaged file changes nothing
        if ((value & bit) == 0) {
          coefficients[index] = (short) (value > 0 ? value + bit : value - bit);
        }
      }
    }
    return k;
  }

  private static int[] zigzag() {
    int[] order = new int[64];
    int index = 0;
    for (int diagonal = 0; diagonal < 15; diagonal++) {
      for (int i = Math.max(0, diagonal - 7); i <= Math.min(7, diagonal); i++) {
        int row = diagonal % 2 == 0 ? diagonal - i : i;
        order[index++] = 8 * row + diagonal - row;
      }
    }
    return order;
  }
}
