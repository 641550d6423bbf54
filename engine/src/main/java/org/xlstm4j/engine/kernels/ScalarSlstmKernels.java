package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The specification of {@link SlstmKernels}, and its stand-in while the JVM is cold. */
public final class ScalarSlstmKernels implements SlstmKernels {
  /** Reads of a memory segment are slow in a cold JVM: the weights of an input are copied out. */
  private final ThreadLocal<float[]> scratch = ThreadLocal.withInitial(() -> new float[PANEL]);

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
      float[] gates, int offset, int stride, float[] cell, float[] normalizer, int at, int length) {
    for (int j = 0; j < length; j++) {
      float input = Math.min(gates[offset + j], 1);
      float forget = Math.min(gates[offset + stride + j], 1);
      float c = forget * cell[at + j] + input * gates[offset + 2 * stride + j];
      float n = forget * normalizer[at + j] + input;
      cell[at + j] = c;
      normalizer[at + j] = n;
      int output = offset + 3 * stride + j;
      gates[output] = gates[output] * c / n;
    }
  }
}
