package org.xlstm4j.engine.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The way into kernels that work on arrays of Java: three pieces of memory, each of the heap or
 * not, a count and a parameter. Arrays are passed as they are, without a copy.
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
   * @param first memory of the first operand, alive until the call returns
   * @param firstOffset where the operand begins there, in bytes; the others likewise
   * @param count how many elements there are
   * @param parameter what else the kernel takes
   * @return what the kernel returns
   */
  static long call(
      MemorySegment kernel,
      MemorySegment first,
      long firstOffset,
      MemorySegment second,
      long secondOffset,
      MemorySegment third,
      long thirdOffset,
      long count,
      long parameter) {
    try {
      return (long)
          HANDLE.invokeExact(
              kernel,
              first,
              second,
              third,
              firstOffset,
              secondOffset,
              thirdOffset,
              count,
              parameter);
    } catch (Throwable e) {
      throw org.xlstm4j.engine.backends.Downcall.failed(e);
    }
  }

  /** The same with two arrays. */
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
    return call(
        kernel,
        first,
        firstOffset,
        ArraySegments.of(second),
        secondOffset,
        ArraySegments.of(third),
        thirdOffset,
        count,
        parameter);
  }

  /** The same with three arrays. */
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
    return call(
        kernel,
        ArraySegments.of(first),
        firstOffset,
        second,
        secondOffset,
        third,
        thirdOffset,
        count,
        parameter);
  }
}
