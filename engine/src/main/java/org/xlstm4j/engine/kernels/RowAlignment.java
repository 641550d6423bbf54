package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** Where a row of weights meets the lines of the cache. */
public final class RowAlignment {
  private static final int VECTOR_BYTES = LaneSums.LANES * Float.BYTES;

  private RowAlignment() {}

  /**
   * Lanes of 32 bits from a place in the weights to the next one that is a multiple of the vector's
   * size; 0 to one less than a vector has.
   */
  public static int lanesBeforeLine(MemorySegment weights, long byteOffset) {
    long behindLine = (weights.address() + byteOffset) & (VECTOR_BYTES - 1);
    return (int) ((VECTOR_BYTES - behindLine) & (VECTOR_BYTES - 1)) / Float.BYTES;
  }
}
