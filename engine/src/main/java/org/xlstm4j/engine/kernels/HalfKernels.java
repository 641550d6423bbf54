package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** 16-bit weights, and the order of the values that bf16 weights meet. */
public interface HalfKernels {
  /**
   * Bf16 weights as floats.
   *
   * @param weights successive 16-bit values
   * @param byteOffset where the first one lies
   * @param length how many
   * @param target receives them
   * @param offset where they go
   */
  void widenBf16(MemorySegment weights, long byteOffset, int length, float[] target, int offset);

  /** IEEE 16-bit weights as floats; otherwise as {@link #widenBf16}. */
  void widenF16(MemorySegment weights, long byteOffset, int length, float[] target, int offset);

  /**
   * Puts the even columns of a token first and the odd ones behind them; the last column of an odd
   * number comes last.
   *
   * @param x values of one token
   * @param offset where they start
   * @param columns how many
   * @param target receives them
   * @param targetOffset where they go
   */
  void split(float[] x, int offset, int columns, float[] target, int targetOffset);
}
