package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;

/**
 * Linux lets a process use the tile registers of AMX only after it has asked, because they make
 * what is saved for a thread larger by 8 KB. The answer holds for all threads. Other systems are
 * not asked, and tiles not used there.
 */
final class TilePermission {
  /** The system call {@code arch_prctl} of x86-64. */
  private static final long ARCH_PRCTL = 158;

  /** {@code ARCH_REQ_XCOMP_PERM}: asks for a kind of registers. */
  private static final int REQUEST = 0x1023;

  /** The number of the data of tiles among the kinds. */
  private static final int TILE_DATA = 18;

  private TilePermission() {}

  /** Whether this process may use tiles from now on. */
  static boolean request() {
    MemorySegment call = NativeCall.find("syscall");
    return System.getProperty("os.name", "").equals("Linux")
        && !call.equals(MemorySegment.NULL)
        && NativeCall.call(call, MemorySegment.ofAddress(ARCH_PRCTL), REQUEST, TILE_DATA, 0, 0, 0)
            == 0;
  }
}
