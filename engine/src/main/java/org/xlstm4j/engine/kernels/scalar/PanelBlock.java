package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.PanelTotals;

/**
 * A block of quantized weights, and what its products need. The block is a copy: a JVM that has not
 * compiled much reads memory segments at a tenth of the speed of arrays. Belongs to one thread.
 */
final class PanelBlock {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ThreadLocal<PanelBlock> OF_THREAD = ThreadLocal.withInitial(PanelBlock::new);

  /** Words before those of the weights: two scales each. */
  private static final int SCALE_WORDS = PanelKernels.SCALE_BYTES / Integer.BYTES;

  final int[] words = new int[PanelKernels.Q8_BLOCK / Integer.BYTES];
  final int[] sums = new int[PanelKernels.ROWS];
  final int[] activations = new int[PanelKernels.COLUMNS];
  final PanelTotals totals = new PanelTotals();

  private PanelBlock() {}

  /** The block of the current thread, with whatever was read last. */
  static PanelBlock ofThread() {
    return OF_THREAD.get();
  }

  void read(MemorySegment weights, long byteOffset, int bytes) {
    MemorySegment.copy(weights, INT, byteOffset, words, 0, bytes / Integer.BYTES);
  }

  /** Where the words of a group of columns begin, a word a row. */
  static int group(int index) {
    return SCALE_WORDS + index * PanelKernels.ROWS;
  }

  /** The scale word of a row. */
  static short scaleWord(int[] words, int row) {
    return (short) (words[row >> 1] >> (Short.SIZE * (row & 1)));
  }
}
