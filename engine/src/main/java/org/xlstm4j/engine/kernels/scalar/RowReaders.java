package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.Bfloat16;
import org.xlstm4j.engine.kernels.HalfKernels;

/** {@link RowOfWeights.Reader} of each type. */
final class RowReaders {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  private RowReaders() {}

  /** Reads 32-bit floats. */
  static void f32(MemorySegment weights, long byteOffset, int columns, float[] row) {
    MemorySegment.copy(weights, FLOAT, byteOffset, row, 0, columns);
  }

  /** Reads numbers of type bfloat16, in the order of {@link HalfKernels#split}. */
  static void bf16(MemorySegment weights, long byteOffset, int columns, float[] row) {
    int half = columns >> 1;
    // pairs travel as floats: a copy never changes their bits
    MemorySegment.copy(weights, FLOAT, byteOffset, row, half, half);
    for (int i = 0; i < half; i++) {
      int pair = Float.floatToRawIntBits(row[half + i]);
      row[i] = Float.intBitsToFloat(pair << 16);
      row[half + i] = Float.intBitsToFloat(pair & Bfloat16.HIGH_HALF);
    }
    if ((columns & 1) != 0) {
      int last = columns - 1;
      short bits = weights.get(SHORT, byteOffset + (long) Short.BYTES * last);
      row[last] = Float.intBitsToFloat(bits << 16);
    }
  }
}
