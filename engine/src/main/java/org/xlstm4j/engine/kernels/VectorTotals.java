package org.xlstm4j.engine.kernels;

/**
 * Vectors on their way to their totals. They are put into an array, because vectors leave the order
 * in which their lanes are added open. Belongs to one thread.
 */
final class VectorTotals {
  /** The most rows and tokens that are multiplied at once. */
  private static final int MOST = 12;

  /** Room for vectors, one behind the other; finding a total overwrites its vector. */
  final float[] lanes = new float[MOST * LaneSums.LANES];

  /** The total of a vector. */
  float of(int vector) {
    return LaneSums.total(lanes, vector * LaneSums.LANES, LaneSums.LANES);
  }
}
