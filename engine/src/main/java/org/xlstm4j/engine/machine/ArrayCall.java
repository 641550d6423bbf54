package org.xlstm4j.engine.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The way into kernels that work on arrays of Java: three pieces of memory, each of the heap or
 * not, a count and a parameter. Arrays are passed as they are, without a copy. {@link
 * KernelFunction#enterArrays} is the other side.
 *
 * <p>As with {@link NativeCall}, no collection can begin before the call returns, so arrays do not
 * move, and calls have to be short.
 */
final class ArrayCall {
  @SuppressWarnings("restricted") // callers have checked that native access is granted
  private static final MethodHandle HANDLE =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG),
              Linker.Option.critical(true));

  private ArrayCall() {}

  /**
   * Calls a kernel. Nothing is checked here: all sizes are to be right.
   *
   * @param kernel where its code begins
   * @param firstOffset where the first operand begins in its array, in bytes; the others likewise
   * @param count how many elements there are
   * @param parameter what else the kernel takes
   * @return what the kernel returns
   */
  static long call(
      MemorySegment kernel,
      float[] first,
      long firstOffset,
      float[] second,
      long secondOffset,
      float[] third,
      long thirdOffset,
      long count,
      long parameter) {
    try {
      return (long)
          HANDLE.invokeExact(
              kernel,
              ArraySegments.of(first),
              ArraySegments.of(second),
              ArraySegments.of(third),
              firstOffset,
              secondOffset,
              thirdOffset,
              count,
              parameter);
    } catch (Throwable e) {
      throw org.xlstm4j.engine.backends.Downcall.failed(e);
    }
  }

  /** The same with a first operand that stays alive until the call returns. */
  static long call(
      MemorySegment kernel,
      MemorySegment first,
      long firstOffset,
      float[] second,
      long secondOffset,
      float[] third,
      long thirdOffset,
      long count,
      long parameter) {
    try {
      return (long)
          HANDLE.invokeExact(
              kernel,
              first,
              ArraySegments.of(second),
              ArraySegments.of(third),
              firstOffset,
              secondOffset,
              thirdOffset,
              count,
              parameter);
    } catch (Throwable e) {
      throw org.xlstm4j.engine.backends.Downcall.failed(e);
    }
  }

  /** The same with operands of any kind, for tests of what lies around them. */
  static long call(
      MemorySegment kernel,
      MemorySegment first,
      MemorySegment second,
      MemorySegment third,
      long count,
      long parameter) {
    try {
      return (long) HANDLE.invokeExact(kernel, first, second, third, 0L, 0L, 0L, count, parameter);
    } catch (Throwable e) {
      throw org.xlstm4j.engine.backends.Downcall.failed(e);
    }
  }
}
