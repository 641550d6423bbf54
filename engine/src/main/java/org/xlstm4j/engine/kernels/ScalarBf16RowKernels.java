package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The specification of {@link RowKernels} for bf16 weights, and its stand-in while the JVM is cold.
 * Tokens' values are ordered by {@link HalfKernels#split}.
 */
public final class ScalarBf16RowKernels implements RowKernels {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(() -> new Scratch(0));

  private static final class Scratch {
    final short[] packed;
    final float[] piece;

    Scratch(int length) {
      packed = new short[length];
      piece = new float[length];
    }
  }

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
    Scratch local = scratch(group * columns);
    for (int row = 0; row < rows; row += group) {
      int count = Math.min(group, rows - row);
      long from = byteOffset + (long) Short.BYTES * row * columns;
      MemorySegment.copy(weights, SHORT, from, local.packed, 0, count * columns);
      for (int i = 0; i < count; i++) {
        ScalarProducts.widen(local.packed, i * columns, columns, local.piece);
      }
      ScalarProducts.multiply(
          local.piece, columns, count, x, xStride, tokens, y, yOffset + row, yStride);
    }
  }

  private Scratch scratch(int length) {
    Scratch local = scratch.get();
    if (local.packed.length < length) {
      local = new Scratch(length);
      scratch.set(local);
    }
    return local;
  }
}
