package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Scratch memory that grows to the largest size asked for. */
public final class GrowingMemory {
  private static final int LINE = 64;

  private GrowingMemory() {}

  /**
   * The same memory if it is large enough, else new memory of zeros from a line of the cache on.
   */
  public static MemorySegment sized(MemorySegment memory, long bytes) {
    return memory.byteSize() >= bytes ? memory : Arena.ofAuto().allocate(bytes, LINE);
  }
}
