package org.xlstm4j.engine.weights;

import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.PanelKernels;

/**
 * Where the weights of a {@link WeightType#Q8} or {@link WeightType#Q4} matrix lie: panels of 32
 * rows, each a sequence of blocks of 32 columns, rows and columns filled up with zeros. A block is
 * the scale words of its rows, then its weights:
 *
 * <ul>
 *   <li>Q8: group of four columns after group, in each four bytes a row ({@link #q8Offset});
 *   <li>Q4: group of eight columns after group, in each four bytes a row, two weights a byte
 *       ({@link #q4Offset}).
 * </ul>
 *
 * <p>The layout does not depend on the width of a machine's vectors. All words are little-endian.
 */
public final class PanelLayout {
  /** Rows of a panel. */
  public static final int ROWS = PanelKernels.ROWS;

  /** Columns of a block: so many weights of a row share a scale. */
  public static final int COLUMNS = PanelKernels.COLUMNS;

  /** Bytes of a block's scale words. */
  public static final int SCALE_BYTES = PanelKernels.SCALE_BYTES;

  private static final int Q4_DROPPED_BITS = PanelKernels.SCALE_SHIFT + 6;

  private PanelLayout() {}

  /**
   * Bytes of one block.
   *
   * @param type {@link WeightType#Q8} or {@link WeightType#Q4}
   * @return a multiple of 64
   */
  public static int blockBytes(WeightType type) {
    return switch (type) {
      case Q8 -> PanelKernels.Q8_BLOCK;
      case Q4 -> PanelKernels.Q4_BLOCK;
      default -> throw new IllegalArgumentException(type + " weights do not come in panels");
    };
  }

  /**
   * Bytes of a whole matrix.
   *
   * @param type {@link WeightType#Q8} or {@link WeightType#Q4}
   * @param rows number of outputs
   * @param columns number of inputs
   * @return a multiple of 64
   * @throws ArithmeticException if there are more than a {@code long} counts
   */
  public static long byteSize(WeightType type, int rows, int columns) {
    long panels = ((long) rows + ROWS - 1) / ROWS;
    long blocks = ((long) columns + COLUMNS - 1) / COLUMNS;
    return Math.multiplyExact(Math.multiplyExact(panels, blocks), (long) blockBytes(type));
  }

  /**
   * Where a row's scale word lies.
   *
   * @param row row within the panel, 0 to 31
   * @return bytes from the start of the block
   */
  public static int scaleOffset(int row) {
    return Short.BYTES * row;
  }

  /**
   * Where a weight of a Q8 block lies: a signed byte.
   *
   * @param row row within the panel, 0 to 31
   * @param column column within the block, 0 to 31
   * @return bytes from the start of the block
   */
  public static int q8Offset(int row, int column) {
    return SCALE_BYTES
        + column / PanelKernels.Q8_GROUP * PanelKernels.GROUP_BYTES
        + Integer.BYTES * row
        + column % PanelKernels.Q8_GROUP;
  }

  /**
   * Where a weight of a Q4 block lies: half a byte, {@link #q4Shift} tells which.
   *
   * @param row row within the panel, 0 to 31
   * @param column column within the block, 0 to 31
   * @return bytes from the start of the block
   */
  public static int q4Offset(int row, int column) {
    return SCALE_BYTES
        + column / PanelKernels.Q4_GROUP * PanelKernels.GROUP_BYTES
        + Integer.BYTES * row
        + PanelKernels.q4Shift(column % PanelKernels.Q4_GROUP) / Byte.SIZE;
  }

  /**
   * Which half of its byte a weight of a Q4 block is.
   *
   * @param column column within the block, 0 to 31
   * @return 0 for the low half, 4 for the high one
   */
  public static int q4Shift(int column) {
    return PanelKernels.q4Shift(column % PanelKernels.Q4_GROUP) % Byte.SIZE;
  }

  /**
   * The scale word of a Q8 block's row. Weights are {@code scale * q} with q from -128 to 127.
   *
   * @param scale the wanted scale; it is rounded to 12 significant bits, within 2^-24 to 2^8
   * @return 5 exponent bits above 11 fraction bits
   */
  public static short q8Word(float scale) {
    return (short) scaleBits(scale, PanelKernels.SCALE_SHIFT);
  }

  /**
   * The scale word of a Q4 block's row. Weights are {@code scale * (q - zero / 4)} with q from 0 to
   * 15.
   *
   * @param scale the wanted scale; it is rounded to 6 significant bits, within 2^-24 to 2^8
   * @param zero four times the zero point, 0 to 63
   * @return 5 exponent bits above 5 fraction bits above the 6 bits of {@code zero}
   */
  public static short q4Word(float scale, int zero) {
    return (short) ((scaleBits(scale, Q4_DROPPED_BITS) << 6) | zero);
  }

  /**
   * The scale that a word of a Q8 block stands for.
   *
   * @param word as from {@link #q8Word}
   * @return a positive finite number
   */
  public static float q8Scale(short word) {
    return PanelKernels.q8Scale(word);
  }

  /**
   * The scale that a word of a Q4 block stands for.
   *
   * @param word as from {@link #q4Word}
   * @return a positive finite number
   */
  public static float q4Scale(short word) {
    return PanelKernels.q4Scale(word);
  }

  /** A float's exponent and fraction, rounded, without the bits a scale word does not keep. */
  private static int scaleBits(float scale, int dropped) {
    int largest = (1 << (28 - dropped)) - 1;
    if (!(scale > Float.intBitsToFloat(PanelKernels.SCALE_BASE))) {
      return 0;
    }
    int bits = Float.floatToRawIntBits(scale) - PanelKernels.SCALE_BASE;
    return Math.min((bits + (1 << (dropped - 1))) >>> dropped, largest);
  }
}
