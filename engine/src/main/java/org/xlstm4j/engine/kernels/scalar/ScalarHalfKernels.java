package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.HalfKernels;

/** The specification of {@link HalfKernels}, and its stand-in while the JVM is cold. */
final class ScalarHalfKernels implements HalfKernels {
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
    Remainders.split(x, offset, 0, columns, target, targetOffset);
  }
}
