package org.xlstm4j.engine.system;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.backends.Downcall;

/**
 * Keeps memory from being paged out, by the system's {@code mlock}. Needs native access;
 * thread-safe.
 */
public final class PageLock {
  private static final @Nullable MethodHandle MLOCK =
      SystemFunction.find("mlock", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);

  private PageLock() {}

  /**
   * Reads a range of memory in and locks it there until it is unmapped.
   *
   * @param segment off-heap memory
   * @return whether the system did so; false if it has no such call or does not permit it
   */
  public static boolean lock(MemorySegment segment) {
    if (MLOCK == null || !segment.isNative() || segment.byteSize() == 0) {
      return false;
    }
    try {
      return (int) MLOCK.invokeExact(segment, segment.byteSize()) == 0;
    } catch (Throwable e) {
      throw Downcall.failed(e);
    }
  }
}
