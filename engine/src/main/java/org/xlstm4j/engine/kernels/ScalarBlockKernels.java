package org.xlstm4j.engine.kernels;

/** The specification of {@link BlockKernels}, and its stand-in while the JVM is cold. */
public final class ScalarBlockKernels implements BlockKernels {
  @Override
  public void blocks(
      float[] w, int size, float[] x, int xOffset, int length, float[] y, int yOffset) {
    blocks(w, size, x, xOffset, 0, length, length, y, yOffset);
  }

  /** The same for the blocks from output {@code first} to {@code last}. */
  static void blocks(
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
}
