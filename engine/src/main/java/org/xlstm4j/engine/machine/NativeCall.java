package org.xlstm4j.engine.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The way from Java into machine code that works on native memory: a function of an address and
 * five numbers of 64 bits that returns one. Kernels have this signature, and the system's functions
 * for memory can be called as if they had, because they take no more arguments and only registers
 * hold them. One signature means that the JVM makes one stub, which takes it tens of milliseconds
 * when it is cold.
 *
 * <p>A call is as cheap as the JVM can make it, 10 to 15 ns, because it does not leave the state of
 * Java code. Therefore no collection can begin before it returns: kernels are called for at most
 * about 200 microseconds.
 */
final class NativeCall {
  private static final Linker LINKER = Linker.nativeLinker();

  @SuppressWarnings("restricted") // callers have checked that native access is granted
  private static final MethodHandle HANDLE =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.critical(false));

  private NativeCall() {}

  /** A function of the C library, or NULL where there is none. */
  static MemorySegment find(String name) {
    return LINKER.defaultLookup().find(name).orElse(MemorySegment.NULL);
  }

  /**
   * Calls a function.
   *
   * @param function where its code begins
   * @param source memory that stays alive until the call returns
   */
  static long call(
      MemorySegment function,
      MemorySegment source,
      long second,
      long third,
      long fourth,
      long fifth,
      long sixth) {
    try {
      return (long) HANDLE.invokeExact(function, source, second, third, fourth, fifth, sixth);
    } catch (Throwable e) {
      throw org.xlstm4j.engine.backends.Downcall.failed(e);
    }
  }
}
