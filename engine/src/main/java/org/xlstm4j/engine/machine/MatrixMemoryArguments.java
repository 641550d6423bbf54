package org.xlstm4j.engine.machine;

/**
 * What {@link MatrixMemoryListing} has to know about its operands: numbers and addresses of 64
 * bits, then four floats each for the tokens' decays and scales.
 */
final class MatrixMemoryArguments {
  /** Address of token 0's keys, and of its queries. */
  static final int KEYS = 0;

  static final int QUERIES = 8;

  /** Bytes from one token's keys, or queries, to the next. */
  static final int KEY_STRIDE = 16;

  /** Rows of the memory. */
  static final int KEY_WIDTH = 24;

  /** Bytes of a row of the memory. */
  static final int ROW_BYTES = 32;

  /** Columns to compute, whole vectors. */
  static final int WIDTH = 40;

  /** Address of token 0's values at the first column, and of its results. */
  static final int VALUES = 48;

  static final int RESULTS = 56;

  /** Bytes from one token's values, or results, to the next. */
  static final int VALUE_STRIDE = 64;

  static final int DECAYS = 80;
  static final int SCALES = 96;
  static final int BYTES = 112;

  private MatrixMemoryArguments() {}
}
