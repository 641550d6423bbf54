package org.xlstm4j.engine.machine.code;

/**
 * The kernels for floats in split tiles: a float is the sum of {@value #PARTS} bfloat16 numbers,
 * which the processor multiplies in tiles. A split tile holds 16 rows of weights, or 16 tokens:
 * {@code [step][part][16][64 bytes]}, a step being {@value #COLUMNS} columns. Those of tokens are
 * transposed in units of 32 bits.
 *
 * @param split splits rows of floats. Operands: the first row, nothing, the split tile. The count's
 *     lower half is the number of steps, at least 1, its upper half the number of rows, 1 to 16;
 *     the parameter is the bytes from row to row, of either sign
 * @param transpose transposes tiles of 16 x 16 numbers of 32 bits, one behind the other. Arguments:
 *     where they begin, the offset from there, where they go, how many
 * @param multiplyRows products of panels of bfloat16 weights as they are stored with 32 tokens.
 *     Arguments: weights, split tiles of tokens, sums ({@code [panel][32 rows][32 tokens]}), steps
 *     in the lower half and panels in the upper one, bytes from row to row, where the first row
 *     begins in the weights
 * @param multiplySplit the same of weights in split tiles, two a panel; the fifth argument is their
 *     distance
 */
public record SplitTileCode(Code split, Code transpose, Code multiplyRows, Code multiplySplit) {
  /** Numbers whose sum is a float. */
  public static final int PARTS = 3;

  /** Columns of a step. */
  public static final int COLUMNS = 32;

  /** Rows of a panel. */
  public static final int ROWS = 32;

  /** Tokens that are multiplied together. */
  public static final int TOKENS = 32;

  /** Rows or tokens of a split tile. */
  public static final int TILE = 16;

  /** Bytes of one part of a step. */
  public static final int PART_BYTES = TILE * COLUMNS * Short.BYTES;

  /** Bytes of a step of a split tile. */
  public static final int STEP_BYTES = PARTS * PART_BYTES;
}
