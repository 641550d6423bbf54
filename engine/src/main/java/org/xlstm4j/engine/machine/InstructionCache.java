package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.xlstm4j.engine.machine.arm.CacheMaintenance;

/**
 * Lets the processor read new code as it was written, where its caches for instructions do not see
 * by themselves what is written as data: on AArch64.
 *
 * <p>The work is done by {@link CacheMaintenance}, before the memory is made executable. Two things
 * have to be thought of.
 *
 * <ul>
 *   <li>Other threads. A core that fetched instructions from the memory before the work was done
 *       would have to fetch them again ({@code isb}). None can have: the pages were not executable.
 *       It is the same as with a library that one thread loads and others call.
 *   <li>The routine itself cannot do its work before it can run. For its own page the system does
 *       it: Linux on AArch64 writes back and invalidates each page when it is first made executable
 *       ({@code __sync_icache_dcache} in {@code arch/arm64/mm/flush.c}, called wherever a page
 *       table gets an executable entry, also by {@code mprotect}), since file pages that were just
 *       read are data to the caches, too. So every page is made coherent by the system, and every
 *       page but the routine's by the routine as well, as the architecture's manual asks of
 *       programs.
 * </ul>
 */
final class InstructionCache {
  private static final class Routine {
    static final MemorySegment CODE =
        CodeMemory.executableAsWritten(List.of(CacheMaintenance.listing()))[0];
  }

  private InstructionCache() {}

  /** To be called once code is written and before it is executable. */
  static void clean(MemorySegment memory) {
    NativeCall.call(Routine.CODE, memory, memory.byteSize(), 0, 0, 0, 0);
  }
}
