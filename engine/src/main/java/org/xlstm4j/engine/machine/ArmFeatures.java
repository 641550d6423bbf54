package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.machine.code.MachineLevel;

/**
 * What the processor and the system offer on AArch64, as Linux tells a program by {@code
 * getauxval}: the bits are those of {@code asm/hwcap.h}. User programs cannot ask the processor
 * itself, whose registers of features are the system's.
 *
 * @param first bits of {@code AT_HWCAP}
 * @param second bits of {@code AT_HWCAP2}
 */
record ArmFeatures(long first, long second) {
  private static final int FIRST = 16;
  private static final int SECOND = 26;

  private static final long ASIMDDP = 1 << 20;
  private static final long I8MM = 1 << 13;

  /**
   * Asks the system.
   *
   * @throws CodeMemoryException if it does not answer
   */
  static ArmFeatures ofProcessor() {
    MemorySegment function = NativeCall.find("getauxval");
    if (function.equals(MemorySegment.NULL)) {
      throw new CodeMemoryException("the system has no function getauxval");
    }
    return new ArmFeatures(ask(function, FIRST), ask(function, SECOND));
  }

  private static long ask(MemorySegment function, long which) {
    return NativeCall.call(function, MemorySegment.ofAddress(which), 0, 0, 0, 0, 0);
  }

  /** The highest level that there is. Products of matrices count where there are those of lanes. */
  MachineLevel level() {
    if ((first & ASIMDDP) == 0) {
      return MachineLevel.NEON;
    }
    return (second & I8MM) == 0 ? MachineLevel.NEON_DOTPROD : MachineLevel.NEON_I8MM;
  }
}
