package org.xlstm4j.engine.system;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.backends.Downcall;

/**
 * Advice to the system about memory, by Linux's {@code madvise}. Advice is free to give and free to
 * be ignored: without Linux, or where native access was not granted to this module, nothing
 * happens. Thread-safe.
 */
public final class PageAdvice {
  /** MADV_HUGEPAGE, the same number on all of Linux's processors that Java runs on. */
  private static final int HUGE_PAGE = 14;

  private static final @Nullable MethodHandle MADVISE = find();

  private PageAdvice() {}

  /**
   * Asks for large pages, before the memory is touched. A file that is then read for the first time
   * comes into the page cache in pieces of 2 MB that are mapped whole: a model of 0.8 GB is mapped
   * in no time instead of a page fault every 64 KB, and the processor needs one address translation
   * where it needed 512. What is in the cache already stays as it is.
   *
   * @param segment memory that begins where a page does: mapped, or of {@link LargeMemory}
   * @return whether the system took the advice
   */
  public static boolean largePages(MemorySegment segment) {
    if (MADVISE == null || !segment.isNative() || segment.byteSize() == 0) {
      return false;
    }
    try {
      return (int) MADVISE.invokeExact(segment, segment.byteSize(), HUGE_PAGE) == 0;
    } catch (Throwable e) {
      throw Downcall.failed(e);
    }
  }

  /** Whether this is Linux, and this module may call it. */
  static boolean available() {
    return System.getProperty("os.name", "").equals("Linux")
        && PageAdvice.class.getModule().isNativeAccessEnabled();
  }

  private static @Nullable MethodHandle find() {
    return available()
        ? SystemFunction.find(
            "madvise", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT)
        : null;
  }
}
