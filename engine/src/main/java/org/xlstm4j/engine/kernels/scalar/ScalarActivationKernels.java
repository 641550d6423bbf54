package org.xlstm4j.engine.kernels.scalar;

import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.PanelKernels;

/** The specification of {@link ActivationKernels}, and its stand-in while the JVM is cold. */
final class ScalarActivationKernels implements ActivationKernels {
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
      Remainders.quantizeBlock(
          x, offset + first, count, values, valuesOffset + first, scales, sums, at);
    }
  }
}
