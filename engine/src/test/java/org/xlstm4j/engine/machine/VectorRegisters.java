package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.xlstm4j.engine.machine.code.InstructionSet;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.SpoilListing;

/** The vector registers of this processor's thread. */
final class VectorRegisters {
  private static final MemorySegment SPOIL = code();

  private VectorRegisters() {}

  private static MemorySegment code() {
    MachineLevel level = Machine.ofProcess().level();
    boolean isX86 = level != null && level.instructionSet() == InstructionSet.X86_64;
    return isX86 ? CodeMemory.executable(List.of(SpoilListing.listing()))[0] : MemorySegment.NULL;
  }

  /** Fills them with what no kernel leaves behind, so that none finds a constant of another. */
  static void spoil() {
    if (!SPOIL.equals(MemorySegment.NULL)) {
      NativeCall.call(SPOIL, MemorySegment.NULL, 0, 0, 0, 0, 0);
    }
  }
}
