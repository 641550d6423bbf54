package org.xlstm4j.engine.kernels;

import java.util.Arrays;

/** The specification of {@link ActivationKernels}, and its stand-in while the JVM is cold. */
public final class ScalarActivationKernels implements ActivationKernels {
  @Override
  public void quantize(
      float[] x,
      int offset,
      int columns,
      int[] values,
      int valuesOffset,
      float[] scales,
      int[] sums,
      int blockOffset) {
    int blocks = PanelKernels.blocks(columns);
    for (int block = 0; block < blocks; block++) {
      int first = block * COLUMNS;
      int count = Math.min(COLUMNS, columns - first);
      int at = blockOffset + block;
      quantizeBlock(x, offset + first, count, values, valuesOffset + first, scales, sums, at);
    }
  }

  /** One block, of which {@code count} columns are there. */
  static void quantizeBlock(
      float[] x, int from, int count, int[] values, int to, float[] scales, int[] sums, int block) {
    float largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, Math.abs(x[from + i]));
    }
    sums[block] = 0;
    if (!(largest >= SMALLEST_ACTIVATION && largest <= Float.MAX_VALUE)) {
      Arrays.fill(values, to, to + COLUMNS, 0);
      scales[block] = largest < SMALLEST_ACTIVATION ? 0 : Float.NaN;
      return;
    }
    float inverse = MAX_ACTIVATION / largest;
    for (int i = 0; i < count; i++) {
      int value = (int) Math.rint(x[from + i] * inverse);
      values[to + i] = Math.clamp(value, -MAX_ACTIVATION, MAX_ACTIVATION);
      sums[block] += values[to + i];
    }
    Arrays.fill(values, to + count, to + COLUMNS, 0);
    scales[block] = largest / MAX_ACTIVATION;
  }
}
