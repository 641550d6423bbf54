package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Products of quantized weights with a few tokens, and what belongs to them. Weights lie in panels
 * of {@value #ROWS} rows, a panel as blocks of {@value #COLUMNS} columns, so that lanes are rows,
 * an activation is a broadcast and a block's scales are vectors.
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
 * <p>Activations are quantized per block of columns to {@code -127..127} ({@link #quantize}) and
 * kept as 32-bit words that hold the value twice, ready to be broadcast to 16-bit lanes.
 */
public interface PanelKernels {
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

  /**
   * Quantizes one token's activations block by block: {@code scale = largest magnitude / 127},
   * values rounded to {@code -127..127}. A block with a NaN or an infinity gets a scale that is not
   * finite, and so does every product with it.
   *
   * @param x activations
   * @param offset where the token starts
   * @param columns how many; the last block is filled up with zeros
   * @param values receives each value twice, in the halves of a word
   * @param valuesOffset where they go
   * @param scales receives a scale a block
   * @param sums receives the sum of a block's quantized values
   * @param blockOffset where scales and sums go
   */
  void quantize(
      float[] x,
      int offset,
      int columns,
      int[] values,
      int valuesOffset,
      float[] scales,
      int[] sums,
      int blockOffset);

  /**
   * What words of two 8-bit weights are to be multiplied by. With the word {@code w = 256 n1 + 128
   * + n0} and the activations {@code x0, x1} of its columns,
   *
   * <pre>
   * n0 x0 + n1 x1 = w x0 + (w &gt;&gt; 8)(x1 - 256 x0) - 128 x0,
   * </pre>
   *
   * so that no weight has to be widened from a byte. The terms do not fit 16 bits, but computed
   * modulo 2^16 their sum is right because the sum itself fits.
   *
   * @param values quantized activations as from {@link #quantize}
   * @param length how many, a multiple of 2
   * @param factors receives for each pair {@code x0}, {@code x1 - 256 x0} and {@code PAIR_BIAS -
   *     128 x0}, each modulo 2^16 and twice, in the halves of a word
   */
  default void q8Factors(int[] values, int length, int[] factors) {
    for (int pair = 0; pair < length / 2; pair++) {
      int first = values[2 * pair] >> 16;
      int second = values[2 * pair + 1] >> 16;
      factors[3 * pair] = twice(first);
      factors[3 * pair + 1] = twice(second - 256 * first);
      factors[3 * pair + 2] = twice(PAIR_BIAS - 128 * first);
    }
  }

  /**
   * Product of 8-bit weights with a few tokens: {@code y[t][r] = sum over c of w[r][c] * x[t][c]}.
   * A token's result does not depend on how many there are.
   *
   * @param weights panels
   * @param byteOffset where the first panel starts
   * @param blocks blocks a panel
   * @param rows rows to compute, whole panels but for the last
   * @param factors of the quantized activations, {@code [tokens][blocks][48]}
   * @param scales their scales, {@code [tokens][blocks]}
   * @param tokens 1 to {@link RowKernels#MAX_TOKENS}
   * @param y result
   * @param yOffset where token 0's first row goes
   * @param yStride distance between two tokens in {@code y}
   */
  void q8(
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int rows,
      int[] factors,
      float[] scales,
      int tokens,
      float[] y,
      int yOffset,
      int yStride);

  /**
   * What a word of four 4-bit weights is to be multiplied by. With the word {@code w = n0 + 16 n1 +
   * 256 n2 + 4096 n3} and the activations {@code x0 .. x3} of its columns,
   *
   * <pre>
   * n0 x0 + n1 x1 + n2 x2 + n3 x3
   *     = w x0 + (w &gt;&gt; 4)(x1 - 16 x0) + (w &gt;&gt; 8)(x2 - 16 x1) + (w &gt;&gt; 12)(x3 - 16 x2),
   * </pre>
   *
   * so that no weight has to be masked out of its word. The terms do not fit 16 bits, but computed
   * modulo 2^16 their sum is right wherever the sum itself fits.
   *
   * @param values quantized activations as from {@link #quantize}
   * @param length how many, a multiple of 4
   * @param factors receives a factor for each, twice, in the halves of a word
   */
  void q4Factors(int[] values, int length, int[] factors);

  /**
   * Product of 4-bit weights with a few tokens: as {@link #q8}, but with factors from {@link
   * #q4Factors}, {@code [tokens][blocks][32]}, and the sums of the blocks' activations, {@code
   * [tokens][blocks]}.
   */
  void q4(
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int rows,
      int[] factors,
      float[] scales,
      int[] sums,
      int tokens,
      float[] y,
      int yOffset,
      int yStride);

  /**
   * Turns half a panel of 8-bit weights into floats for {@link TileKernels}: {@code panel[c * 32 +
   * r]} for its 32 rows.
   *
   * @param weights panels
   * @param byteOffset where the first block starts
   * @param half 0 for a panel's first 32 rows, 1 for the others
   * @param blocks how many blocks of columns
   * @param panel receives {@code blocks * 32 * 32} values
   */
  void unpackQ8(MemorySegment weights, long byteOffset, int half, int blocks, float[] panel);

  /** Turns half a panel of 4-bit weights into floats; see {@link #unpackQ8}. */
  void unpackQ4(MemorySegment weights, long byteOffset, int half, int blocks, float[] panel);
}
