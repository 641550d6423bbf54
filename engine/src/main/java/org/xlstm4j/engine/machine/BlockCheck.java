package org.xlstm4j.engine.machine;

import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;

/** Multiplies a few blocks of new kernels' sizes by them and by the scalar ones, and compares. */
final class BlockCheck {
  /** Outputs computed together and others, for all sizes of vectors. */
  private static final int WIDE = 80;

  /** The same for 256 bits only. */
  private static final int NARROW = 72;

  /** Whole vectors and a part of one. */
  private static final int FOURS = 5 * 16 + 4;

  private BlockCheck() {}

  static boolean isRight(BlockKernels kernels) {
    BlockKernels scalar = ScalarKernels.blocks();
    return Closeness.areClose(products(scalar), products(kernels));
  }

  private static float[] products(BlockKernels kernels) {
    float[] x = Closeness.ramp(2 * WIDE, 0.3f);
    float[] y = new float[FOURS + 2 * WIDE + NARROW];
    kernels.blocks(Closeness.ramp(4 * FOURS, 0.1f), 4, x, 0, FOURS, y, 0);
    kernels.blocks(Closeness.ramp(2 * WIDE * WIDE, 0.01f), WIDE, x, 0, 2 * WIDE, y, FOURS);
    int at = FOURS + 2 * WIDE;
    kernels.blocks(Closeness.ramp(NARROW * NARROW, 0.01f), NARROW, x, 0, NARROW, y, at);
    return y;
  }
}
