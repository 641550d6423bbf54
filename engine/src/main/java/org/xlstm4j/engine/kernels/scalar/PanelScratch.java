package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.PanelTotals;

/**
 * Blocks of quantized weights outside of their memory segment, whose reads are slow in a cold JVM,
 * and the sums of a panel's products. Belongs to one thread.
 */
final class PanelScratch {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Blocks copied out together. */
  private static final int AT_ONCE = 16;

  /** Words of a block before those of its weights: two scales each. */
  static final int SCALE_WORDS = PanelKernels.SCALE_BYTES / Integer.BYTES;

  /** Blocks as they lie in memory. */
  final int[] words = new int[AT_ONCE * PanelKernels.Q8_BLOCK / Integer.BYTES];

  final int[] sums = new int[PanelKernels.ROWS];
  final int[] activations = new int[PanelKernels.COLUMNS];
  final PanelTotals totals = new PanelTotals();

  /**
   * Sees to it that a block is among {@link #words}; the blocks of a panel are to be asked for in
   * order.
   *
   * @param panel where the panel's first block begins
   * @param block of the panel
   * @param blocks that the panel has
   * @param blockBytes size of one
   * @return index of its first scale words; its weights begin {@link #SCALE_WORDS} later
   */
  int find(MemorySegment weights, long panel, int block, int blocks, int blockBytes) {
    int length = blockBytes / Integer.BYTES;
    int among = block % AT_ONCE;
    if (among == 0) {
      int count = Math.min(AT_ONCE, blocks - block) * length;
      MemorySegment.copy(weights, INT, panel + (long) block * blockBytes, words, 0, count);
    }
    return among * length;
  }

  /** The scale word of a row of the block whose words begin at {@code from}. */
  static short scaleWord(int[] words, int from, int row) {
    return (short) (words[from + (row >> 1)] >> (Short.SIZE * (row & 1)));
  }
}
