package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.kernels.LaneSums;
import org.xlstm4j.engine.kernels.RowAlignment;
import org.xlstm4j.engine.kernels.RowKernels;

/**
 * The specification of {@link RowKernels}, and its stand-in while the JVM is cold. A cold JVM pays
 * microseconds for each call into a memory segment, so several rows are copied out at once.
 */
abstract sealed class ScalarRowKernels implements RowKernels
    permits ScalarF32RowKernels, ScalarBf16RowKernels {
  /** Weights copied out at once, where a row is not longer. */
  private static final int PIECE = 4096;

  private final int parts;
  private final ThreadLocal<Scratch> scratch;

  /**
   * Kernels of a type of weights.
   *
   * @param parts weights in 32 bits
   */
  ScalarRowKernels(int parts) {
    this.parts = parts;
    this.scratch = ThreadLocal.withInitial(() -> new Scratch(parts));
  }

  /** What belongs to a thread. */
  private static final class Scratch {
    final ScalarProducts products;
    float[] piece = new float[0];

    Scratch(int parts) {
      products = new ScalarProducts(parts);
    }

    float[] piece(int length) {
      if (piece.length < length) {
        piece = new float[length];
      }
      return piece;
    }
  }

  /** Copies rows out, each in the order of the tokens' values. */
  abstract void copy(MemorySegment weights, long byteOffset, int columns, int rows, float[] piece);

  /**
   * Of rows with one token, quarters are multiplied side by side, all from where the row of the
   * first quarter meets a line of the cache.
   */
  @Override
  public final void multiply(
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
    Scratch local = scratch.get();
    long rowBytes = (long) Float.BYTES / parts * columns;
    int quarter = tokens == 1 && columns >= parts * LaneSums.LANES ? rows / 4 : 0;
    int group = Math.min(rows, Math.max(1, PIECE / columns));
    float[] piece = local.piece(group * columns);
    for (int first = 0; first < rows; first += group) {
      int count = Math.min(group, rows - first);
      copy(weights, byteOffset + first * rowBytes, columns, count, piece);
      for (int i = 0; i < count; i++) {
        int row = first + i;
        int at = i * columns;
        if (row < 4 * quarter) {
          long line = byteOffset + row % quarter * rowBytes;
          int head = RowAlignment.lanesBeforeLine(weights, line);
          y[yOffset + row] = local.products.fromLine(piece, at, x, 0, columns, head);
        } else {
          for (int token = 0; token < tokens; token++) {
            y[yOffset + token * yStride + row] =
                local.products.fromStart(piece, at, x, token * xStride, columns);
          }
        }
      }
    }
  }
}
