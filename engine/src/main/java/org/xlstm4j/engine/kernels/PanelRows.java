package org.xlstm4j.engine.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The rows that the lanes of a panel's vectors belong to. */
final class PanelRows {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final int LINE = PanelKernels.SCALE_BYTES;

  private PanelRows() {}

  /** The row of the lowest half of the lanes at a place among the scale words. */
  static int first(int start) {
    return (start & (LINE / 2)) / 2 + (start & (LINE / 2 - 1)) / Integer.BYTES;
  }

  /** Stores rows as far as the matrix has them. */
  static void store(FloatVector values, int row, float[] y, int yOffset, int count) {
    if (row + LANES <= count) {
      values.intoArray(y, yOffset + row);
    } else if (row < count) {
      values.intoArray(y, yOffset + row, F.indexInRange(row, count));
    }
  }
}
