package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.MlstmTokens;

/** The specification of {@link MlstmKernels}, and its stand-in while the JVM is cold. */
final class ScalarMlstmKernels implements MlstmKernels {
  private final ThreadLocal<float[]> rowOfThread = ThreadLocal.withInitial(() -> new float[0]);

  @Override
  public void matrixMemoryStep(
      MlstmTokens tokens, int head, MemorySegment memory, long byteOffset, int first, int last) {
    int keyWidth = tokens.keyWidth();
    int width = last - first;
    float[] h = tokens.results();
    for (int t = 0; t < tokens.count(); t++) {
      int to = tokens.resultAt(head, t);
      Arrays.fill(h, to + first, to + last, 0);
    }
    float[] row = row(width);
    // in the order of the vector kernels: a row of each quarter by turns, then those left over
    int quarter = keyWidth / 4;
    for (int i = 0; i < keyWidth; i++) {
      int a = i < 4 * quarter ? i % 4 * quarter + i / 4 : i;
      long at = byteOffset + Float.BYTES * ((long) a * tokens.valueWidth() + first);
      // a JVM that has not compiled much reads memory segments at a tenth of the speed of arrays
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at, row, 0, width);
      for (int t = 0; t < tokens.count(); t++) {
        step(tokens, head, t, a, row, first, width);
      }
      MemorySegment.copy(row, 0, memory, ValueLayout.JAVA_FLOAT, at, width);
    }
    for (int t = 0; t < tokens.count(); t++) {
      int to = tokens.resultAt(head, t);
      float scale = tokens.scale(head, t);
      for (int b = first; b < last; b++) {
        h[to + b] *= scale;
      }
    }
  }

  /** A token's update of some columns of a row of the memory, and what it reads from it. */
  private static void step(
      MlstmTokens tokens, int head, int token, int a, float[] row, int first, int width) {
    int at = tokens.keyAt(head, token) + a;
    float decay = tokens.decay(head, token);
    float key = tokens.keys()[at];
    float[] values = tokens.values();
    int from = tokens.valueAt(head, token) + first;
    for (int b = 0; b < width; b++) {
      row[b] = FusedMultiplyAdd.of(row[b], decay, key * values[from + b]);
    }
    float query = tokens.queries()[at];
    int to = tokens.resultAt(head, token) + first;
    FusedMultiplyAdd.add(query, row, 0, width, tokens.results(), to);
  }

  private float[] row(int width) {
    float[] row = rowOfThread.get();
    if (row.length < width) {
      row = new float[width];
      rowOfThread.set(row);
    }
    return row;
  }
}
