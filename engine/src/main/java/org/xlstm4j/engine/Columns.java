package org.xlstm4j.engine;

/**
 * A view of some columns of a token-major buffer: the values of token {@code t} start at {@code
 * offset + t * stride}. Several projections that write side by side into one buffer are read
 * through one such view each.
 *
 * @param data the buffer, {@code [tokens, stride]}
 * @param offset index of the first value of token 0
 * @param stride distance between the same column of two successive tokens
 */
@SuppressWarnings("ArrayRecordComponent") // a view: sharing the buffer is its purpose
public record Columns(float[] data, int offset, int stride) {

  /** Checks that offset and stride are not negative. */
  public Columns {
    if (offset < 0 || stride < 0) {
      throw new IllegalArgumentException("offset " + offset + " and stride " + stride);
    }
  }

  /**
   * A buffer of its own.
   *
   * @param tokens most tokens it holds
   * @param width values a token
   * @return a view of all columns of a new buffer of zeros
   */
  public static Columns allocate(int tokens, int width) {
    return new Columns(new float[Math.multiplyExact(tokens, width)], 0, width);
  }

  /**
   * The columns from {@code first} on.
   *
   * @param first number of columns to leave out, at least 0
   * @return a view into the same buffer
   */
  public Columns from(int first) {
    return new Columns(data, offset + first, stride);
  }

  /**
   * Where a token's values start.
   *
   * @param token index of the token, from 0
   * @return index into {@link #data}
   */
  public int at(int token) {
    return offset + token * stride;
  }
}
