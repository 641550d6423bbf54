package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.InstructionSet;

/**
 * Memory for machine code: written first, then made executable and read-only, never both at once.
 * It is never given back. Linux and macOS are asked by {@code mmap} and {@code mprotect}, Windows
 * by {@code VirtualAlloc} and {@code VirtualProtect}; only Linux is tried. The system gives whole
 * pages, of whatever size it has, which nothing else shares.
 */
final class CodeMemory {
  /** Kernels begin at multiples of so many bytes, a line of the cache. */
  private static final int ALIGNMENT = 64;

  private static final int READ_WRITE = 1 | 2;
  private static final int READ_EXECUTE = 1 | 4;
  private static final int PRIVATE_ANONYMOUS_LINUX = 0x22;
  private static final int PRIVATE_ANONYMOUS_MACOS = 0x1002;

  private static final int COMMIT_RESERVE = 0x3000;
  private static final int PAGE_READWRITE = 0x04;
  private static final int PAGE_EXECUTE_READ = 0x20;

  private static final String SYSTEM = System.getProperty("os.name", "");
  private static final boolean IS_ARM =
      InstructionSet.of(System.getProperty("os.arch", ""))
          .equals(Optional.of(InstructionSet.AARCH64));

  private CodeMemory() {}

  /**
   * Puts kernels into executable memory.
   *
   * @return where each begins
   * @throws CodeMemoryException if the system refuses
   */
  static MemorySegment[] executable(List<? extends Code> kernels) {
    return executable(kernels, IS_ARM);
  }

  /** The same for what runs before the processor's caches can be told. */
  static MemorySegment[] executableAsWritten(List<? extends Code> kernels) {
    return executable(kernels, false);
  }

  private static MemorySegment[] executable(List<? extends Code> kernels, boolean tellCaches) {
    byte[][] codes = new byte[kernels.size()][];
    long size = 0;
    for (int i = 0; i < codes.length; i++) {
      codes[i] = kernels.get(i).bytes();
      size += aligned(codes[i].length, ALIGNMENT);
    }
    MemorySegment memory = writable(size);
    MemorySegment[] places = new MemorySegment[codes.length];
    long at = 0;
    for (int i = 0; i < codes.length; i++) {
      MemorySegment.copy(codes[i], 0, memory, ValueLayout.JAVA_BYTE, at, codes[i].length);
      places[i] = memory.asSlice(at, codes[i].length).asReadOnly();
      at += aligned(codes[i].length, ALIGNMENT);
    }
    if (tellCaches) {
      InstructionCache.clean(memory);
    }
    protect(memory);
    return places;
  }

  private static long aligned(long size, long alignment) {
    return (size + alignment - 1) & -alignment;
  }

  @SuppressWarnings("restricted") // the system has just given this memory
  private static MemorySegment writable(long size) {
    long address;
    if (SYSTEM.startsWith("Windows")) {
      MemorySegment allocate = function("VirtualAlloc");
      address =
          NativeCall.call(allocate, MemorySegment.NULL, size, COMMIT_RESERVE, PAGE_READWRITE, 0, 0);
    } else {
      int flags = SYSTEM.equals("Linux") ? PRIVATE_ANONYMOUS_LINUX : PRIVATE_ANONYMOUS_MACOS;
      MemorySegment map = function("mmap");
      address = NativeCall.call(map, MemorySegment.NULL, size, READ_WRITE, flags, -1, 0);
    }
    if (address == 0 || address == -1) {
      throw new CodeMemoryException("the system gives no memory for machine code");
    }
    return MemorySegment.ofAddress(address).reinterpret(size);
  }

  private static void protect(MemorySegment memory) {
    boolean done;
    if (SYSTEM.startsWith("Windows")) {
      MemorySegment before = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
      MemorySegment protect = function("VirtualProtect");
      long size = memory.byteSize();
      done =
          (int) NativeCall.call(protect, memory, size, PAGE_EXECUTE_READ, before.address(), 0, 0)
              != 0;
    } else {
      MemorySegment protect = function("mprotect");
      done = (int) NativeCall.call(protect, memory, memory.byteSize(), READ_EXECUTE, 0, 0, 0) == 0;
    }
    if (!done) {
      throw new CodeMemoryException("the system refuses to make memory executable");
    }
  }

  private static MemorySegment function(String name) {
    MemorySegment function = NativeCall.find(name);
    if (function.equals(MemorySegment.NULL)) {
      throw new CodeMemoryException("the system has no function " + name);
    }
    return function;
  }
}
