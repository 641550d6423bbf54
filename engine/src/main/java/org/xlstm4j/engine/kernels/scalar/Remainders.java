package org.xlstm4j.engine.kernels.scalar;

import java.util.Arrays;
import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.PanelKernels;

/**
 * Parts of the scalar kernels' work that begin or end anywhere: all of it here, and for vectors
 * what is left where whole ones end.
 */
public final class Remainders {
  private Remainders() {}

  /** {@link ActivationKernels#quantize} of one block, of which {@code count} columns are there. */
  public static void quantizeBlock(
      float[] x, int from, int count, int[] values, int to, float[] scales, int[] sums, int block) {
    float largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, Math.abs(x[from + i]));
    }
    sums[block] = 0;
    if (!(largest >= PanelKernels.SMALLEST_ACTIVATION && largest <= Float.MAX_VALUE)) {
      Arrays.fill(values, to, to + PanelKernels.COLUMNS, 0);
      scales[block] = largest < PanelKernels.SMALLEST_ACTIVATION ? 0 : Float.NaN;
      return;
    }
    float inverse = PanelKernels.MAX_ACTIVATION / largest;
    for (int i = 0; i < count; i++) {
      int value = (int) Math.rint(x[from + i] * inverse);
      values[to + i] = Math.clamp(value, -PanelKernels.MAX_ACTIVATION, PanelKernels.MAX_ACTIVATION);
      sums[block] += values[to + i];
    }
    Arrays.fill(values, to + count, to + PanelKernels.COLUMNS, 0);
    scales[block] = largest / PanelKernels.MAX_ACTIVATION;
  }

  /** {@link BlockKernels#blocks} of the blocks from output {@code first} to {@code last}. */
  public static void blocks(
      float[] w,
      int size,
      float[] x,
      int xOffset,
      int first,
      int last,
      int length,
      float[] y,
      int yOffset) {
    for (int block = first; block < last; block += size) {
      for (int o = block; o < block + size; o++) {
        float sum = 0;
        for (int d = 0; d < size; d++) {
          sum = FusedMultiplyAdd.of(w[d * length + o], x[xOffset + block + d], sum);
        }
        y[yOffset + o] = sum;
      }
    }
  }

  /** {@link GridKernels#addRow} of the channels from {@code firstChannel} on. */
  public static void addRow(
      float[] x,
      int xOffset,
      int xStride,
      int length,
      int firstChannel,
      int channels,
      float[] w,
      int wOffset,
      float[] y,
      int yOffset,
      int yStride) {
    for (int tap = 0; tap < GridKernels.TAPS; tap++) {
      int weights = wOffset + tap * channels;
      int first = Math.max(0, 1 - tap);
      int last = Math.min(length, length + 1 - tap);
      for (int q = first; q < last; q++) {
        int from = xOffset + (q + tap - 1) * xStride;
        int to = yOffset + q * yStride;
        FusedMultiplyAdd.add(
            w,
            weights + firstChannel,
            x,
            from + firstChannel,
            channels - firstChannel,
            y,
            to + firstChannel);
      }
    }
  }

  /** {@link HalfKernels#split} of the pairs from {@code first} on. */
  public static void split(
      float[] x, int offset, int first, int columns, float[] target, int targetOffset) {
    int half = columns >> 1;
    for (int i = first; i < half; i++) {
      target[targetOffset + i] = x[offset + 2 * i];
      target[targetOffset + half + i] = x[offset + 2 * i + 1];
    }
    if ((columns & 1) != 0) {
      target[targetOffset + columns - 1] = x[offset + columns - 1];
    }
  }
}
