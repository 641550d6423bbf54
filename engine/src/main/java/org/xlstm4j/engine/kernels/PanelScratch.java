package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A block of quantized weights outside of its memory segment, whose reads are slow in a cold JVM,
 * and the sums of a panel's products. Belongs to one thread.
 */
final class PanelScratch {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final short[] scales = new short[PanelKernels.ROWS];
  final short[] words = new short[PanelKernels.ROWS * PanelKernels.COLUMNS / 2];
  final int[] sums = new int[PanelKernels.ROWS];
  final int[] activations = new int[PanelKernels.COLUMNS];
  final float[] totals = new float[RowKernels.MAX_TOKENS * PanelKernels.ROWS];

  /**
   * Copies a block.
   *
   * @param words of 16 bits that follow the scales
   */
  void copyBlock(MemorySegment weights, long at, int words) {
    MemorySegment.copy(weights, SHORT, at, scales, 0, PanelKernels.ROWS);
    MemorySegment.copy(weights, SHORT, at + PanelKernels.SCALE_BYTES, this.words, 0, words);
  }

  void clearTotals(int tokens) {
    Arrays.fill(totals, 0, tokens * PanelKernels.ROWS, 0);
  }

  /** Stores the panel's rows as far as the matrix has them. */
  void storeTotals(int tokens, int rows, float[] y, int yOffset, int yStride) {
    for (int token = 0; token < tokens; token++) {
      for (int row = 0; row < rows; row++) {
        y[yOffset + token * yStride + row] =
            totals[token * PanelKernels.ROWS + PanelKernels.lane(row)];
      }
    }
  }
}
