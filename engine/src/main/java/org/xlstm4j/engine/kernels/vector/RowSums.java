package org.xlstm4j.engine.kernels.vector;

/** Sums of one row with up to four tokens, on their way to the result. */
final class RowSums {
  private RowSums() {}

  static void store(
      int tokens,
      float[] y,
      int yOffset,
      int yStride,
      float total0,
      float total1,
      float total2,
      float total3) {
    y[yOffset] = total0;
    if (tokens > 1) {
      y[yOffset + yStride] = total1;
    }
    if (tokens > 2) {
      y[yOffset + 2 * yStride] = total2;
    }
    if (tokens > 3) {
      y[yOffset + 3 * yStride] = total3;
    }
  }
}
