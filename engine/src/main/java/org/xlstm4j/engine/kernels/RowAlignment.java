package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.VectorSpecies;

/** Where a row of weights meets the lines of the cache. */
final class RowAlignment {
  private RowAlignment() {}

  /**
   * Lanes of 32 bits from a place in the weights to the next one that is a multiple of the vector's
   * size; 0 to one less than a vector has.
   */
  static int lanesBeforeLine(MemorySegment weights, long byteOffset, VectorSpecies<Float> species) {
    int vectorBytes = species.vectorByteSize();
    long behindLine = (weights.address() + byteOffset) & (vectorBytes - 1);
    return (int) ((vectorBytes - behindLine) & (vectorBytes - 1)) / Float.BYTES;
  }
}
