package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The specification of {@link CellKernels}, and its stand-in while the JVM is cold. */
public final class ScalarCellKernels implements CellKernels {
  /** Reads of a memory segment are slow in a cold JVM: a piece of a row is copied out and back. */
  private static final int PIECE = 512;

  private final ThreadLocal<float[]> scratch = ThreadLocal.withInitial(() -> new float[PIECE]);

  @Override
  public void matrixMemoryStep(
      MemorySegment memory,
      long byteOffset,
      int keyWidth,
      int valueWidth,
      int first,
      int last,
      float decay,
      float[] key,
      int keyOffset,
      float[] query,
      int queryOffset,
      float[] value,
      int valueOffset,
      float scale,
      float[] h,
      int hOffset) {
    Arrays.fill(h, hOffset + first, hOffset + last, 0);
    float[] row = scratch.get();
    for (int a = 0; a < keyWidth; a++) {
      float k = key[keyOffset + a];
      float q = query[queryOffset + a];
      for (int start = first; start < last; start += PIECE) {
        int length = Math.min(PIECE, last - start);
        long at = byteOffset + Float.BYTES * ((long) a * valueWidth + start);
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at, row, 0, length);
        for (int b = 0; b < length; b++) {
          float updated = decay * row[b] + k * value[valueOffset + start + b];
          row[b] = updated;
          h[hOffset + start + b] += q * updated;
        }
        MemorySegment.copy(row, 0, memory, ValueLayout.JAVA_FLOAT, at, length);
      }
    }
    for (int b = first; b < last; b++) {
      h[hOffset + b] *= scale;
    }
  }

  @Override
  public void recurrentF32(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset) {
    float[] row = scratch.get();
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      int to = sumsOffset + panel * PANEL;
      Arrays.fill(sums, to, to + PANEL, 0);
      for (int i = 0; i < inputs; i++) {
        long at = byteOffset + (long) Float.BYTES * PANEL * ((long) panel * inputs + i);
        MemorySegment.copy(weights, ValueLayout.JAVA_FLOAT, at, row, 0, PANEL);
        float factor = y[yOffset + i];
        for (int j = 0; j < PANEL; j++) {
          sums[to + j] += factor * row[j];
        }
      }
    }
  }

  @Override
  public void recurrentBf16(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset) {
    float[] row = scratch.get();
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      int to = sumsOffset + panel * PANEL;
      Arrays.fill(sums, to, to + PANEL, 0);
      for (int i = 0; i < inputs; i++) {
        long at = byteOffset + (long) Short.BYTES * PANEL * ((long) panel * inputs + i);
        // the pairs of halves travel as floats: a copy that never changes their bits
        MemorySegment.copy(weights, ValueLayout.JAVA_FLOAT, at, row, 0, PANEL / 2);
        float factor = y[yOffset + i];
        for (int k = 0; k < PANEL / 2; k++) {
          int pair = Float.floatToRawIntBits(row[k]);
          int output = to + k / 16 * 32 + k % 16;
          sums[output] += factor * Float.intBitsToFloat(pair << 16);
          sums[output + 16] += factor * Float.intBitsToFloat(pair & 0xffff0000);
        }
      }
    }
  }

  @Override
  public void stabilizeGates(
      float[] gates,
      int offset,
      int stride,
      float[] normalizer,
      float[] stabilizer,
      int at,
      int length) {
    for (int j = 0; j < length; j++) {
      float input = gates[offset + j];
      float kept = gates[offset + stride + j] + stabilizer[at + j];
      float next = normalizer[at + j] == 0 ? input : Math.max(input, kept);
      gates[offset + j] = input - next;
      gates[offset + stride + j] = kept - next;
      stabilizer[at + j] = next;
    }
  }

  @Override
  public void scalarMemoryStep(
      float[] gates,
      int offset,
      int stride,
      float[] cell,
      float[] normalizer,
      float[] y,
      int at,
      int length) {
    for (int j = 0; j < length; j++) {
      float input = Math.min(gates[offset + j], 1);
      float forget = Math.min(gates[offset + stride + j], 1);
      float c = forget * cell[at + j] + input * gates[offset + 2 * stride + j];
      float n = forget * normalizer[at + j] + input;
      cell[at + j] = c;
      normalizer[at + j] = n;
      y[at + j] = gates[offset + 3 * stride + j] * c / n;
    }
  }
}
