package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The specification of {@link RowKernels} for f32 weights, and its stand-in while the JVM is cold.
 */
public final class ScalarF32RowKernels implements RowKernels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final ThreadLocal<float[]> scratch = ThreadLocal.withInitial(() -> new float[0]);

  @Override
  public void multiply(
      MemorySegment weights,
      long byteOffset,
      int columns,
      int rows,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    int group = Math.min(rows, ScalarProducts.rowsAtOnce(columns));
    float[] piece = piece(group * columns);
    for (int row = 0; row < rows; row += group) {
      int count = Math.min(group, rows - row);
      long from = byteOffset + (long) Float.BYTES * row * columns;
      MemorySegment.copy(weights, FLOAT, from, piece, 0, count * columns);
      ScalarProducts.multiply(piece, columns, count, x, xStride, tokens, y, yOffset + row, yStride);
    }
  }

  private float[] piece(int length) {
    float[] piece = scratch.get();
    if (piece.length < length) {
      piece = new float[length];
      scratch.set(piece);
    }
    return piece;
  }
}
