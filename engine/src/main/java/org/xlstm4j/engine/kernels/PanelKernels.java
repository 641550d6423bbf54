package org.xlstm4j.engine.kernels;

/**
 * What the kernels for quantized weights share: how the weights lie. They do so in panels of
 * {@value #ROWS} rows, a panel as blocks of {@value #COLUMNS} columns, so that lanes are rows, an
 * activation is a broadcast and a block's scales are vectors.
 *
 * <p>A block begins with {@value #ROWS} scale words of 16 bits. Then follow groups of columns, for
 * each group a word of 16 bits a row. For 8-bit weights a group is two columns, {@code 256 * second
 * + 128 + first}; for 4-bit weights it is four, the first in the lowest four bits. Within each half
 * of 32 rows, rows {@code i} and {@code 16 + i} are neighbours ({@link #lane}): read as 32-bit
 * lanes, the low halves are 16 successive rows and the high halves the next 16, whatever the width
 * of the machine's vectors.
 *
 * <p>A scale is an unsigned number of 5 exponent bits, {@code 2^(e - 24) * 1.m}: every bit pattern
 * is finite and positive. An 8-bit weight is {@code scale * q}, its scale word 5 exponent and 11
 * fraction bits. A 4-bit weight is {@code scale * (q - z / 4)}, its scale word 5 exponent bits, 5
 * fraction bits and the 6 bits of {@code z}.
 *
 * <p>Activations are quantized per block of columns to {@code -127..127} ({@link
 * ActivationKernels}) and kept as 32-bit words that hold the value twice, ready to be broadcast to
 * 16-bit lanes.
 */
public sealed interface PanelKernels
    permits ActivationKernels, Q8Kernels, Q4Kernels, UnpackKernels {
  /** Rows of a panel. */
  int ROWS = 64;

  /** Columns of a block. */
  int COLUMNS = 32;

  /** Bytes of the scale words at the start of a block. */
  int SCALE_BYTES = ROWS * Short.BYTES;

  /** Bytes of a block of 8-bit weights. */
  int Q8_BLOCK = SCALE_BYTES + ROWS * COLUMNS;

  /** Bytes of a block of 4-bit weights. */
  int Q4_BLOCK = SCALE_BYTES + ROWS * COLUMNS / 2;

  /** A scale word's exponent and fraction, moved up to those of a 32-bit float, lack this. */
  int SCALE_BASE = (127 - 24) << 23;

  /** Places between a scale word's lowest fraction bit and a 32-bit float's. */
  int SCALE_SHIFT = 12;

  /** The zero point {@code z} in a 4-bit block's scale word. */
  int ZERO_MASK = 63;

  /** Words that the activations of a block become for 8-bit weights. */
  int Q8_FACTORS = COLUMNS / 2 * 3;

  /** Added to the products of a pair of 8-bit columns, so that their sum is not negative. */
  int PAIR_BIAS = 1 << 15;

  /** Largest magnitude of a quantized activation. */
  int MAX_ACTIVATION = 127;

  /** Blocks whose largest activation is below this are taken for zeros. */
  float SMALLEST_ACTIVATION = 0x1p-100f;

  /**
   * Place of a row among the lanes of a panel.
   *
   * @param row 0 to {@link #ROWS} - 1
   * @return index of its byte or 16-bit word
   */
  static int lane(int row) {
    return (row & 32) | ((row & 15) << 1) | ((row >> 4) & 1);
  }

  /** Blocks that hold so many columns. */
  static int blocks(int columns) {
    return (columns + COLUMNS - 1) / COLUMNS;
  }

  /** The first weight of a word of two. */
  static int q8First(short word) {
    return (word & 255) - 128;
  }

  /** The second weight of a word of two. */
  static int q8Second(short word) {
    return word >> 8;
  }

  /** A 16-bit number in both halves of a word, ready to be broadcast to 16-bit lanes. */
  static int twice(int value) {
    return (value << 16) | (value & 0xffff);
  }

  /** The scale of an 8-bit block's row. */
  static float q8Scale(short word) {
    return Float.intBitsToFloat((Short.toUnsignedInt(word) << SCALE_SHIFT) + SCALE_BASE);
  }

  /** The scale of a 4-bit block's row. */
  static float q4Scale(short word) {
    int bits = Short.toUnsignedInt(word) & ~ZERO_MASK;
    return Float.intBitsToFloat((bits << SCALE_SHIFT) + SCALE_BASE);
  }

  /** What is subtracted from a 4-bit block's row before scaling. */
  static float q4Zero(short word) {
    return 0.25f * (word & ZERO_MASK);
  }
}
