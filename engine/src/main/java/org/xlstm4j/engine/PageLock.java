package org.xlstm4j.engine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps memory from being paged out, by the system's {@code mlock}. Needs native access;
 * thread-safe.
 */
public final class PageLock {
  private static final @Nullable MethodHandle MLOCK = find();

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
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted") // the one native call here; its signature is POSIX's
  private static @Nullable MethodHandle find() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> address = linker.defaultLookup().find("mlock");
    return address
        .map(
            symbol ->
                linker.downcallHandle(
                    symbol,
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG)))
        .orElse(null);
  }
}
