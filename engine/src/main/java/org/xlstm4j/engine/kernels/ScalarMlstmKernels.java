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
      MemorySegment memory,
      long byteOffset,
      int keyWidth,
      int valueWidth,
      int first,
      int last,
      int tokens,
      float[] decay,
      float[] scale,
      int gateOffset,
      float[] key,
      float[] query,
      int keyOffset,
      int keyStride,
      float[] value,
      int valueOffset,
      int valueStride,
      float[] h,
      int hOffset,
      int hStride) {
    for (int t = 0; t < tokens; t++) {
      Arrays.fill(h, hOffset + t * hStride + first, hOffset + t * hStride + last, 0);
    }
    int width = last - first;
    int group = width == valueWidth ? Math.clamp(PIECE / width, 1, keyWidth) : 1;
    float[] rows = piece(group * width);
    for (int a = 0; a < keyWidth; a += group) {
      int count = Math.min(group, keyWidth - a);
      long at = byteOffset + Float.BYTES * ((long) a * valueWidth + first);
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at, rows, 0, count * width);
      for (int t = 0; t < tokens; t++) {
        int keys = keyOffset + t * keyStride + a;
        int from = valueOffset + t * valueStride + first;
        int to = hOffset + t * hStride + first;
        for (int i = 0; i < count; i++) {
          float forget = decay[gateOffset + t];
          row(rows, i * width, width, forget, key[keys + i], query[keys + i], value, from, h, to);
        }
      }
      MemorySegment.copy(rows, 0, memory, ValueLayout.JAVA_FLOAT, at, count * width);
    }
    for (int t = 0; t < tokens; t++) {
      for (int b = first; b < last; b++) {
        h[hOffset + t * hStride + b] *= scale[gateOffset + t];
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
