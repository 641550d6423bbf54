package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link ScalarRowKernels} for f32 weights. */
final class ScalarF32RowKernels extends ScalarRowKernels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Kernels with room of their own for each thread. */
  public ScalarF32RowKernels() {
    super(1);
  }

  @Override
  void copy(MemorySegment weights, long byteOffset, int columns, int rows, float[] piece) {
    MemorySegment.copy(weights, FLOAT, byteOffset, piece, 0, rows * columns);
  }
}
