package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Blocks of quantized weights outside of their memory segment, whose reads are slow in a cold JVM,
 * and the sums of a panel's products. Belongs to one thread.
 */
final class PanelScratch {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Blocks copied out together. */
  private static final int AT_ONCE = 16;

  /** Blocks as they lie in memory: the scale words of each, then its weights. */
  final short[] words = new short[AT_ONCE * PanelKernels.Q8_BLOCK / Short.BYTES];

  final int[] sums = new int[PanelKernels.ROWS];
  final int[] activations = new int[PanelKernels.COLUMNS];
  final float[] totals = new float[RowKernels.MAX_TOKENS * PanelKernels.ROWS];

  /**
   * Sees to it that a block is among {@link #words}; the blocks of a panel are to be asked for in
   * order.
   *
   * @param panel where the panel's first block begins
   * @param block of the panel
   * @param blocks that the panel has
   * @param blockBytes size of one
   * @return index of its first scale word; its weights begin {@link PanelKernels#ROWS} later
   */
  int find(MemorySegment weights, long panel, int block, int blocks, int blockBytes) {
    int length = blockBytes / Short.BYTES;
    int among = block % AT_ONCE;
    if (among == 0) {
      int count = Math.min(AT_ONCE, blocks - block) * length;
      MemorySegment.copy(weights, SHORT, panel + (long) block * blockBytes, words, 0, count);
    }
    return among * length;
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
