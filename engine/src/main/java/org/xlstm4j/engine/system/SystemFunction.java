package org.xlstm4j.engine.system;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Functions of the C library. */
final class SystemFunction {
  private SystemFunction() {}

  /** The function of a name that returns an int; null if the system has none. */
  static @Nullable MethodHandle find(String name, MemoryLayout... arguments) {
    return find(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }

  /** The function of a name; null if the system has none. */
  @SuppressWarnings("restricted") // the callers' signatures are those of the system's manual
  static @Nullable MethodHandle find(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(symbol -> linker.downcallHandle(symbol, type))
        .orElse(null);
  }
}
