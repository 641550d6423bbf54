package org.xlstm4j.engine.kernels.scalar;

import org.xlstm4j.engine.kernels.BlockKernels;

/** The specification of {@link BlockKernels}, and its stand-in while the JVM is cold. */
final class ScalarBlockKernels implements BlockKernels {
  @Override
  public void blocks(
      float[] w, int size, float[] x, int xOffset, int length, float[] y, int yOffset) {
    Remainders.blocks(w, size, x, xOffset, 0, length, length, y, yOffset);
  }
}
