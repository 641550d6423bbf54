package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;

/**
 * Room directly behind or directly before pages that nobody may touch: a byte read or written on
 * their side ends the process. There are a few such places, taken in turn. Linux only.
 */
final class GuardedRoom implements Room {
  private static final long PAGE =
      NativeCall.call(NativeCall.find("getpagesize"), MemorySegment.NULL, 0, 0, 0, 0, 0);
  private static final int READ_WRITE = 1 | 2;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private final boolean behind;
  private final long size;
  private final MemorySegment[] places;
  private int next;

  /**
   * Maps memory.
   *
   * @param behind whether operands begin behind a guard, else they end before one
   * @param operands how many operands there may be at a time
   */
  GuardedRoom(boolean behind, int operands) {
    this(behind, operands, 64);
  }

  /**
   * Maps memory.
   *
   * @param behind whether operands begin behind a guard, else they end before one
   * @param operands how many operands there may be at a time
   * @param pages most that an operand takes
   */
  GuardedRoom(boolean behind, int operands, int pages) {
    this.behind = behind;
    size = pages * PAGE;
    places = new MemorySegment[operands];
    for (int i = 0; i < places.length; i++) {
      places[i] = guarded(size);
    }
  }

  @SuppressWarnings("restricted") // the system has just given this memory
  private static MemorySegment guarded(long size) {
    long all = size + 2 * PAGE;
    long address =
        NativeCall.call(
            NativeCall.find("mmap"), MemorySegment.NULL, all, 0, PRIVATE_ANONYMOUS, -1, 0);
    if (address == -1) {
      throw new IllegalStateException("no memory");
    }
    MemorySegment inside = MemorySegment.ofAddress(address + PAGE).reinterpret(size);
    if ((int) NativeCall.call(NativeCall.find("mprotect"), inside, size, READ_WRITE, 0, 0, 0)
        != 0) {
      throw new IllegalStateException("no access to memory");
    }
    return inside;
  }

  @Override
  public MemorySegment take(long bytes) {
    MemorySegment place = places[next];
    next = (next + 1) % places.length;
    return place.asSlice(behind ? 0 : size - bytes, bytes);
  }
}
