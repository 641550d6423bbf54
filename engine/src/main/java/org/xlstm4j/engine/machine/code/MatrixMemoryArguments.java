package org.xlstm4j.engine.machine.code;

/**
 * What {@link KernelCode#matrixMemory} has to know about its operands: numbers and addresses of 64
 * bits, then four floats each for the tokens' decays and scales.
 */
public final class MatrixMemoryArguments {
  /** Address of token 0's keys, and of its queries. */
  public static final int KEYS = 0;

  public static final int QUERIES = 8;

  /** Bytes from one token's keys, or queries, to the next. */
  public static final int KEY_STRIDE = 16;

  /** Rows of the memory. */
  public static final int KEY_WIDTH = 24;

  /** Bytes of a row of the memory. */
  public static final int ROW_BYTES = 32;

  /** Columns to compute, whole vectors. */
  public static final int WIDTH = 40;

  /** Address of token 0's values at the first column, and of its results. */
  public static final int VALUES = 48;

  public static final int RESULTS = 56;

  /** Bytes from one token's values, or results, to the next. */
  public static final int VALUE_STRIDE = 64;

  public static final int DECAYS = 80;
  public static final int SCALES = 96;
  public static final int BYTES = 112;

  private MatrixMemoryArguments() {}
}
