package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Products of row-major weights with a few tokens: {@code y[t][r] = sum over c of w[r][c] *
 * x[t][c]}. Every weight is read once for up to four tokens. An implementation belongs to one
 * storage type of the weights.
 *
 * <p>Tokens lie one after the other in {@code x}, {@code xStride} apart; for bf16 weights the
 * values of a token are ordered evens first ({@link HalfKernels#split}), because two 16-bit weights
 * fill one 32-bit lane.
 */
public interface RowKernels {
  /** Most tokens a call takes. */
  int MAX_TOKENS = 4;

  /**
   * The products of some rows with some tokens.
   *
   * @param weights row-major, rows of {@code columns} weights
   * @param byteOffset where row {@code firstRow} starts
   * @param columns values a row
   * @param rows number of rows to compute
   * @param x tokens' values, ordered as the weights' type asks
   * @param xStride distance between two tokens in {@code x}
   * @param tokens 1 to {@link #MAX_TOKENS}
   * @param y result
   * @param yOffset where token 0's first row goes
   * @param yStride distance between two tokens in {@code y}
   */
  void multiply(
      MemorySegment weights,
      long byteOffset,
      int columns,
      int rows,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride);
}
