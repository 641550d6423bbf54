package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where operands are put. */
interface Room {
  /** Zeros, or what was there. */
  MemorySegment take(long bytes);

  /** So many bytes behind a line of the cache. */
  static Room behindLine(int bytes) {
    return size -> Arena.ofAuto().allocate(size + bytes, 64).asSlice(bytes);
  }
}
