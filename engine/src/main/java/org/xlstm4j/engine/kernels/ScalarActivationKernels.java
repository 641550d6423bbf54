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
    boolean zeros = largest < SMALLEST_ACTIVATION;
    float inverse = zeros ? 0 : MAX_ACTIVATION / largest;
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int value = (int) Math.rint(x[from + i] * inverse);
      value = Math.clamp(value, -MAX_ACTIVATION, MAX_ACTIVATION);
      sum += value;
      values[to + i] = PanelKernels.twice(value);
    }
    Arrays.fill(values, to + count, to + COLUMNS, 0);
    scales[block] = zeros ? 0 : largest / MAX_ACTIVATION;
    sums[block] = sum;
  }

  @Override
  public void q4Factors(int[] values, int length, int[] factors) {
    for (int first = 0; first < length; first += 4) {
      int before = 0;
      for (int i = first; i < first + 4; i++) {
        int value = values[i] >> 16;
        int factor = value - 16 * before;
        factors[i] = PanelKernels.twice(factor);
        before = value;
      }
    }
  }
}
