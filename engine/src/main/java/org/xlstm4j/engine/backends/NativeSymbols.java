package org.xlstm4j.engine.backends;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The functions of one native library, which stays loaded until the process ends.
 *
 * @param file as it was found
 * @param lookup finds its functions
 */
record NativeSymbols(String file, SymbolLookup lookup) {
  private static final long MAX_TEXT = 4096;

  /**
   * The first library of a list that the system finds.
   *
   * @param property a system property that names the one file to load instead
   * @param names file names, best first
   * @throws UnsatisfiedLinkError if there is none
   */
  @SuppressWarnings("restricted") // what this package is for
  static NativeSymbols load(String property, List<String> names) {
    String given = System.getProperty(property);
    List<String> candidates = given == null ? names : List.of(given);
    for (String name : candidates) {
      try {
        SymbolLookup lookup =
            name.contains("/") || name.contains("\\")
                ? SymbolLookup.libraryLookup(Path.of(name), Arena.global())
                : SymbolLookup.libraryLookup(name, Arena.global());
        return new NativeSymbols(name, lookup);
      } catch (IllegalArgumentException e) {
        // not there, or not for this machine: the next one
      }
    }
    throw new UnsatisfiedLinkError(
        given == null
            ? "found none of "
                + String.join(", ", names)
                + "; -D"
                + property
                + "=FILE names another"
            : given + ": no library that can be loaded");
  }

  /** A function that must be there. */
  MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
    return find(name, type, options)
        .orElseThrow(() -> new UnsatisfiedLinkError(file + ": no function " + name));
  }

  /** A function that may be there. */
  @SuppressWarnings("restricted")
  Optional<MethodHandle> find(String name, FunctionDescriptor type, Linker.Option... options) {
    return lookup
        .find(name)
        .map(address -> Linker.nativeLinker().downcallHandle(address, type, options));
  }

  /** What a function without arguments returns: a text that stays where it is. */
  @SuppressWarnings("restricted")
  static String text(MethodHandle function) {
    try {
      MemorySegment address = (MemorySegment) function.invokeExact();
      return address.reinterpret(MAX_TEXT).getString(0);
    } catch (Throwable e) {
      throw Downcall.failed(e);
    }
  }

  /** What a function without arguments returns: a structure of a known size. */
  @SuppressWarnings("restricted")
  static MemorySegment structure(MethodHandle function, long bytes) {
    try {
      MemorySegment address = (MemorySegment) function.invokeExact();
      return address.reinterpret(bytes);
    } catch (Throwable e) {
      throw Downcall.failed(e);
    }
  }
}
