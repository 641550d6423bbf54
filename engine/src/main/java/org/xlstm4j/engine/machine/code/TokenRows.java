package org.xlstm4j.engine.machine.code;

/** How tokens' values lie for products with row-major weights. */
public final class TokenRows {
  /** Zeros behind a token's values, at least; their number is filled up to a multiple of this. */
  public static final int PADDING = 16;

  private TokenRows() {}

  /**
   * From one token's values to the next, or from its even columns to its odd ones.
   *
   * @param count how many values there are
   * @return bytes
   */
  public static long stride(int count) {
    return (long) Float.BYTES * (((count + PADDING - 1) & -PADDING) + PADDING);
  }
}
