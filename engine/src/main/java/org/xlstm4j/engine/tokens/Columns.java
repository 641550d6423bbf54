package org.xlstm4j.engine.tokens;

/**
 * A view of some columns of a token-major buffer: the values of token {@code t} start at {@code
 * offset + t * stride}. Several projections that write side by side into one buffer are read
 * through one such view each.
 *
 * @param data the buffer, {@code [tokens, stride]}
 * @param offset index of the first value of token 0
 * @param stride distance between the same column of two successive tokens; negative where tokens
 *     are walked from the last to the first
 */
@SuppressWarnings("ArrayRecordComponent") // a view: sharing the buffer is its purpose
public record Columns(float[] data, int offset, int stride) {

  /** Checks that the offset is not negative. */
  public Columns {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset);
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
   * The tokens from {@code first} on.
   *
   * @param first number of tokens to leave out, at least 0
   * @return a view into the same buffer
   */
  public Columns fromToken(int first) {
    return new Columns(data, at(first), stride);
  }

  /**
   * The same columns with the last token first.
   *
   * @param tokens how many tokens there are, at least 1
   * @return a view into the same buffer whose token {@code t} is {@code tokens - 1 - t} of this
   */
  public Columns reversed(int tokens) {
    return new Columns(data, at(tokens - 1), -stride);
  }

  /**
   * The first and the last token.
   *
   * @param tokens how many tokens there are, at least 2
   * @return a view into the same buffer of two tokens
   */
  public Columns ends(int tokens) {
    return new Columns(data, offset, stride * (tokens - 1));
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

  /**
   * Whether another object is the same view of the same buffer. Written out, because the JVM makes
   * classes for a record's own when it is first called, at the start of a program.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Columns view
        && data == view.data
        && offset == view.offset
        && stride == view.stride;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * System.identityHashCode(data) + offset) + stride;
  }
}
