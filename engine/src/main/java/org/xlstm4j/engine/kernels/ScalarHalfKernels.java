package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The specification of {@link HalfKernels}, and its stand-in while the JVM is cold. */
public final class ScalarHalfKernels implements HalfKernels {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  @Override
  public void widenBf16(
      MemorySegment weights, long byteOffset, int length, float[] target, int offset) {
    for (int i = 0; i < length; i++) {
      int bits = weights.get(SHORT, byteOffset + (long) Short.BYTES * i) << 16;
      target[offset + i] = Float.intBitsToFloat(bits);
    }
  }

  @Override
  public void widenF16(
      MemorySegment weights, long byteOffset, int length, float[] target, int offset) {
    for (int i = 0; i < length; i++) {
      short bits = weights.get(SHORT, byteOffset + (long) Short.BYTES * i);
      target[offset + i] = Float.float16ToFloat(bits);
    }
  }

  @Override
  public void split(float[] x, int offset, int columns, float[] target, int targetOffset) {
    split(x, offset, 0, columns, target, targetOffset);
  }

  /** The same for the pairs from {@code first} on. */
  static void split(
      float[] x, int offset, int first, int columns, float[] target, int targetOffset) {
    int half = columns >> 1;
    for (int i = first; i < half; i++) {
      target[targetOffset + i] = x[offset + 2 * i];
      target[targetOffset + half + i] = x[offset + 2 * i + 1];
    }
    if ((columns & 1) != 0) {
      target[targetOffset + columns - 1] = x[offset + columns - 1];
    }
  }
}
