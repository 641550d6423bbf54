package org.xlstm4j.engine.kernels;

/**
 * What the kernels for quantized weights share: how the weights lie. They do so in panels of
 * {@value #ROWS} rows, a panel as blocks of {@value #COLUMNS} columns, so that lanes are rows, an
 * activation is a broadcast and a block's scales are vectors.
 *
 * <p>A block begins with {@value #ROWS} scale words of 16 bits, row after row. Then follow groups
 * of columns, for each group a word of 32 bits a row. For 8-bit weights a group is {@value
 * #Q8_GROUP} columns, and each of the word's bytes a weight from -128 to 127, the first column in
 * the lowest one ({@link #q8Weight}). For 4-bit weights it is {@value #Q4_GROUP} columns, the first
 * four in the low halves of the bytes and the others in the high halves ({@link #q4Weight}).
 *
 * <p>A scale is an unsigned number of 5 exponent bits, {@code 2^(e - 24) * 1.m}: every bit pattern
 * is finite and positive. An 8-bit weight is {@code scale * q}, its scale word 5 exponent and 11
 * fraction bits. A 4-bit weight is {@code scale * (q - z / 4)}, its scale word 5 exponent bits, 5
 * fraction bits and the 6 bits of {@code z}.
 *
 * <p>Activations are quantized per block of columns to {@code -127..127} ({@link
 * ActivationKernels}).
 */
public sealed interface PanelKernels
    permits ActivationKernels, Q8Kernels, Q4Kernels, UnpackKernels {
  /** Rows of a panel. */
  int ROWS = 32;

  /** Columns of a block. */
  int COLUMNS = 32;

  /** Bytes of the scale words at the start of a block. */
  int SCALE_BYTES = ROWS * Short.BYTES;

  /** Columns whose 8-bit weights share a word. */
  int Q8_GROUP = 4;

  /** Columns whose 4-bit weights share a word. */
  int Q4_GROUP = 8;

  /** Bytes of a group of columns: a word a row. */
  int GROUP_BYTES = ROWS * Integer.BYTES;

  /** Bytes of a block of 8-bit weights. */
  int Q8_BLOCK = SCALE_BYTES + COLUMNS / Q8_GROUP * GROUP_BYTES;

  /** Bytes of a block of 4-bit weights. */
  int Q4_BLOCK = SCALE_BYTES + COLUMNS / Q4_GROUP * GROUP_BYTES;

  /** A scale word's exponent and fraction, moved up to those of a 32-bit float, lack this. */
  int SCALE_BASE = (127 - 24) << 23;

  /** Places between a scale word's lowest fraction bit and a 32-bit float's. */
  int SCALE_SHIFT = 12;

  /** The zero point {@code z} in a 4-bit block's scale word. */
  int ZERO_MASK = 63;

  /** Zero points are in quarters. */
  float QUARTER = 0.25f;

  /** Words that the activations of a group become for 8-bit weights. */
  int Q8_GROUP_FACTORS = 3;

  /** Words that the activations of a group become for 4-bit weights. */
  int Q4_GROUP_FACTORS = 4;

  /** Words that the activations of a block become for 8-bit weights: one, then the groups'. */
  int Q8_FACTORS = 1 + COLUMNS / Q8_GROUP * Q8_GROUP_FACTORS;

  /** Words that the activations of a block become for 4-bit weights. */
  int Q4_FACTORS = COLUMNS / Q4_GROUP * Q4_GROUP_FACTORS;

  /** Largest magnitude of a quantized activation. */
  int MAX_ACTIVATION = 127;

  /** Blocks whose largest activation is below this are taken for zeros. */
  float SMALLEST_ACTIVATION = 0x1p-100f;

  /** Blocks that hold so many columns. */
  static int blocks(int columns) {
    return (columns + COLUMNS - 1) / COLUMNS;
  }

  /** One of the weights of an 8-bit group's word. */
  static int q8Weight(int word, int column) {
    return (byte) (word >> (Byte.SIZE * column));
  }

  /** One of the weights of a 4-bit group's word. */
  static int q4Weight(int word, int column) {
    return (word >> q4Shift(column)) & 15;
  }

  /** The lowest bit of a weight in a 4-bit group's word. */
  static int q4Shift(int column) {
    return Byte.SIZE * (column & 3) + (column & 4);
  }

  /** Two 16-bit numbers in a word. */
  static int halves(int low, int high) {
    return (high << 16) | (low & 0xffff);
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
    return QUARTER * (word & ZERO_MASK);
  }
}
