package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.MlstmTokens;

/** The specification of {@link MlstmKernels}, and its stand-in while the JVM is cold. */
final class ScalarMlstmKernels implements MlstmKernels {
  /**
   * Reads of a memory segment are slow in a cold JVM: some rows are copied out and back together.
   */
  private static final int PIECE = 4096;

  /** Rows are read out in the order of the vector kernels: one of each quarter by turns. */
  private static final int QUARTERS = 4;

  private static final boolean FUSED = FusedMultiplyAdd.IS_FAST;

  private final ThreadLocal<float[]> scratch = ThreadLocal.withInitial(() -> new float[0]);

  @Override
  public void matrixMemoryStep(
      MlstmTokens tokens, int head, MemorySegment memory, long byteOffset, int first, int last) {
    int keyWidth = tokens.keyWidth();
    int valueWidth = tokens.valueWidth();
    float[] h = tokens.results();
    for (int t = 0; t < tokens.count(); t++) {
      int to = tokens.resultAt(head, t);
      Arrays.fill(h, to + first, to + last, 0);
    }
    int quarter = keyWidth / 4;
    int width = last - first;
    int group = width == valueWidth ? Math.max(PIECE / QUARTERS / width, 1) : 1;
    for (int a = 0; a < quarter; a += group) {
      int count = Math.min(group, quarter - a);
      rows(tokens, head, memory, byteOffset, first, last, a, count, QUARTERS, quarter);
    }
    for (int a = QUARTERS * quarter; a < keyWidth; a++) {
      rows(tokens, head, memory, byteOffset, first, last, a, 1, 1, 0);
    }
    for (int t = 0; t < tokens.count(); t++) {
      int to = tokens.resultAt(head, t);
      float scale = tokens.scale(head, t);
      for (int b = first; b < last; b++) {
        h[to + b] *= scale;
      }
    }
  }

  /** Successive rows, and as many in each further quarter, which are {@code apart} rows apart. */
  private void rows(
      MlstmTokens tokens,
      int head,
      MemorySegment memory,
      long byteOffset,
      int first,
      int last,
      int a,
      int count,
      int quarters,
      int apart) {
    int width = last - first;
    float[] rows = piece(quarters * count * width);
    for (int quarter = 0; quarter < quarters; quarter++) {
      long at = at(tokens, byteOffset, a + quarter * apart, first);
      int to = quarter * count * width;
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at, rows, to, count * width);
    }
    float[] h = tokens.results();
    for (int t = 0; t < tokens.count(); t++) {
      float decay = tokens.decay(head, t);
      int from = tokens.valueAt(head, t) + first;
      int to = tokens.resultAt(head, t) + first;
      for (int i = 0; i < count; i++) {
        for (int quarter = 0; quarter < quarters; quarter++) {
          int keys = tokens.keyAt(head, t) + a + i + quarter * apart;
          float key = tokens.keys()[keys];
          float query = tokens.queries()[keys];
          int row = (quarter * count + i) * width;
          row(rows, row, width, decay, key, query, tokens.values(), from, h, to);
        }
      }
    }
    for (int quarter = 0; quarter < quarters; quarter++) {
      long at = at(tokens, byteOffset, a + quarter * apart, first);
      int from = quarter * count * width;
      MemorySegment.copy(rows, from, memory, ValueLayout.JAVA_FLOAT, at, count * width);
    }
  }

  private static long at(MlstmTokens tokens, long byteOffset, int row, int column) {
    return byteOffset + Float.BYTES * ((long) row * tokens.valueWidth() + column);
  }

  private static void row(
      float[] memory,
      int offset,
      int width,
      float decay,
      float key,
      float query,
      float[] value,
      int valueOffset,
      float[] h,
      int hOffset) {
    for (int b = 0; b < width; b++) {
      float kept = memory[offset + b];
      float brought = key * value[valueOffset + b];
      memory[offset + b] = FUSED ? Math.fma(kept, decay, brought) : kept * decay + brought;
    }
    FusedMultiplyAdd.add(query, memory, offset, width, h, hOffset);
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
