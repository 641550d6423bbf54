package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.kernels.LaneSums;
import org.xlstm4j.engine.kernels.RowAlignment;
import org.xlstm4j.engine.kernels.RowKernels;

/** The specification of {@link RowKernels}, and its stand-in while the JVM is cold. */
final class ScalarRowKernels implements RowKernels {
  private final int parts;
  private final RowOfWeights.Reader reader;
  private final ThreadLocal<RowOfWeights> rowOfThread;

  /**
   * Kernels of a type of weights.
   *
   * @param parts weights in 32 bits
   * @param reader of rows
   */
  ScalarRowKernels(int parts, RowOfWeights.Reader reader) {
    this.parts = parts;
    this.reader = reader;
    this.rowOfThread = ThreadLocal.withInitial(() -> new RowOfWeights(parts));
  }

  /**
   * Of rows with one token, quarters are multiplied side by side, all from where the row of the
   * first quarter meets a line of the cache.
   */
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
    RowOfWeights w = rowOfThread.get();
    long rowBytes = (long) Float.BYTES / parts * columns;
    int quarter = tokens == 1 && columns >= parts * LaneSums.LANES ? rows / 4 : 0;
    for (int row = 0; row < rows; row++) {
      w.read(reader, weights, byteOffset + row * rowBytes, columns);
      if (row < 4 * quarter) {
        long line = byteOffset + row % quarter * rowBytes;
        y[yOffset + row] = w.fromLine(x, RowAlignment.lanesBeforeLine(weights, line));
      } else {
        for (int token = 0; token < tokens; token++) {
          y[yOffset + token * yStride + row] = w.fromStart(x, token * xStride);
        }
      }
    }
  }
}
