package org.xlstm4j.engine.kernels.scalar;

import org.xlstm4j.engine.kernels.GridKernels;

/** The specification of {@link GridKernels}, and its stand-in while the JVM is cold. */
final class ScalarGridKernels implements GridKernels {
  @Override
  public void addRow(
      float[] x,
      int xOffset,
      int xStride,
      int length,
      int channels,
      float[] w,
      int wOffset,
      float[] y,
      int yOffset,
      int yStride) {
    Remainders.addRow(x, xOffset, xStride, length, 0, channels, w, wOffset, y, yOffset, yStride);
  }
}
