package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@link ScalarRowKernels} for bf16 weights. Tokens' values are ordered by {@link
 * HalfKernels#split}.
 */
final class ScalarBf16RowKernels extends ScalarRowKernels {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  private final ThreadLocal<short[]> scratch = ThreadLocal.withInitial(() -> new short[0]);

  /** Kernels with room of their own for each thread. */
  public ScalarBf16RowKernels() {
    super(2);
  }

  @Override
  void copy(MemorySegment weights, long byteOffset, int columns, int rows, float[] piece) {
    short[] packed = packed(rows * columns);
    MemorySegment.copy(weights, SHORT, byteOffset, packed, 0, rows * columns);
    for (int row = 0; row < rows; row++) {
      widen(packed, row * columns, columns, piece);
    }
  }

  private static void widen(short[] weights, int offset, int columns, float[] target) {
    int half = columns >> 1;
    for (int i = 0; i < half; i++) {
      target[offset + i] = Float.intBitsToFloat(weights[offset + 2 * i] << 16);
      target[offset + half + i] = Float.intBitsToFloat(weights[offset + 2 * i + 1] << 16);
    }
    if ((columns & 1) != 0) {
      int last = offset + columns - 1;
      target[last] = Float.intBitsToFloat(weights[last] << 16);
    }
  }

  private short[] packed(int length) {
    short[] packed = scratch.get();
    if (packed.length < length) {
      packed = new short[length];
      scratch.set(packed);
    }
    return packed;
  }
}
