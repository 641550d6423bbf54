package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The specification of {@link MlstmKernels}, and its stand-in while the JVM is cold. */
public final class ScalarMlstmKernels implements MlstmKernels {
  /**
   * Reads of a memory segment are slow in a cold JVM: some rows are copied out and back together.
   */
  private static final int PIECE = 4096;

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
    int width = last - first;
    int group = width == valueWidth ? Math.clamp(PIECE / width, 1, keyWidth) : 1;
    float[] rows = piece(group * width);
    for (int a = 0; a < keyWidth; a += group) {
      int count = Math.min(group, keyWidth - a);
      long at = byteOffset + Float.BYTES * ((long) a * valueWidth + first);
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at, rows, 0, count * width);
      for (int t = 0; t < tokens.count(); t++) {
        float decay = tokens.decay(head, t);
        int keys = tokens.keyAt(head, t) + a;
        int from = tokens.valueAt(head, t) + first;
        int to = tokens.resultAt(head, t) + first;
        for (int i = 0; i < count; i++) {
          float key = tokens.keys()[keys + i];
          float query = tokens.queries()[keys + i];
          row(rows, i * width, width, decay, key, query, tokens.values(), from, h, to);
        }
      }
      MemorySegment.copy(rows, 0, memory, ValueLayout.JAVA_FLOAT, at, count * width);
    }
    for (int t = 0; t < tokens.count(); t++) {
      int to = tokens.resultAt(head, t);
      float scale = tokens.scale(head, t);
      for (int b = first; b < last; b++) {
        h[to + b] *= scale;
      }
    }
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
      float updated = decay * memory[offset + b] + key * value[valueOffset + b];
      memory[offset + b] = updated;
      h[hOffset + b] += query * updated;
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
