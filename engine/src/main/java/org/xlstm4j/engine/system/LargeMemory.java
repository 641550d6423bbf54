package org.xlstm4j.engine.system;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.backends.Downcall;

/**
 * Off-heap memory for much data, such as weights: in large pages where the system has them, and not
 * filled with zeros first. Thread-safe.
 *
 * <p>Needs Linux and native access; without them the memory is an arena's own, in pages of whatever
 * size the system chooses.
 */
public final class LargeMemory {
  /** Bytes of a large page: what it begins at. */
  private static final long PAGE = 2L << 20;

  /** Where memory begins in any case: at a line of the processor's cache. */
  private static final long LINE = 64;

  private static final @Nullable MethodHandle ALLOCATE =
      PageAdvice.available()
          ? SystemFunction.find(
              "aligned_alloc",
              FunctionDescriptor.of(
                  ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG))
          : null;
  private static final @Nullable MethodHandle FREE =
      PageAdvice.available()
          ? SystemFunction.find("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS))
          : null;

  private LargeMemory() {}

  /**
   * Allocates memory.
   *
   * @param byteSize at least 1
   * @param arena frees the memory when it is closed
   * @return memory of this size, aligned to 64 bytes at least; its content is whatever was there
   * @throws OutOfMemoryError if the system has none
   */
  @SuppressWarnings("restricted") // the size is what was allocated
  public static MemorySegment allocate(long byteSize, Arena arena) {
    if (ALLOCATE == null || FREE == null || byteSize < PAGE) {
      return arena.allocate(byteSize, LINE);
    }
    long whole = Math.multiplyExact(Math.ceilDiv(byteSize, PAGE), PAGE);
    try {
      MemorySegment memory = (MemorySegment) ALLOCATE.invokeExact(PAGE, whole);
      if (memory.equals(MemorySegment.NULL)) {
        throw new OutOfMemoryError("the system has no " + byteSize + " bytes");
      }
      MemorySegment owned = memory.reinterpret(whole, arena, LargeMemory::free);
      PageAdvice.largePages(owned);
      return owned.asSlice(0, byteSize);
    } catch (Throwable e) {
      throw Downcall.failed(e);
    }
  }

  private static void free(MemorySegment memory) {
    if (FREE != null) {
      try {
        FREE.invokeExact(memory);
      } catch (Throwable e) {
        throw Downcall.failed(e);
      }
    }
  }
}
