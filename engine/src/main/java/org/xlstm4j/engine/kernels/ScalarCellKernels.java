package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The specification of {@link CellKernels}, and its stand-in while the JVM is cold. */
public final class ScalarCellKernels implements CellKernels {
  /** Reads of a memory segment are slow in a cold JVM: a piece of a row is copied out and back. */
  private static final int PIECE = 512;

  private final ThreadLocal<float[]> scratch = ThreadLocal.withInitial(() -> new float[PIECE]);

  @Override
  public void matrixMemoryStep(
      MemorySegment memory,
      long byteOffset,
      int keyWidth,
      int valueWidth,
      int first,
      int last,
      float decay,
      float[] key,
      int keyOffset,
      float[] query,
      int queryOffset,
      float[] value,
      int valueOffset,
      float scale,
      float[] h,
      int hOffset) {
    Arrays.fill(h, hOffset + first, hOffset + last, 0);
    float[] row = scratch.get();
    for (int a = 0; a < keyWidth; a++) {
      float k = key[keyOffset + a];
      float q = query[queryOffset + a];
      for (int start = first; start < last; start += PIECE) {
        int length = Math.min(PIECE, last - start);
        long at = byteOffset + Float.BYTES * ((long) a * valueWidth + start);
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at, row, 0, length);
        for (int b = 0; b < length; b++) {
          float updated = decay * row[b] + k * value[valueOffset + start + b];
          row[b] = updated;
          h[hOffset + start + b] += q * updated;
        }
        MemorySegment.copy(row, 0, memory, ValueLayout.JAVA_FLOAT, at, length);
      }
    }
    for (int b = first; b < last; b++) {
      h[hOffset + b] *= scale;
    }
  }
}
