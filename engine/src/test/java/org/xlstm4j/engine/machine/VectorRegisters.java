package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.xlstm4j.engine.machine.arm.A64SpoilListing;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.SpoilListing;

/** The vector registers of this processor's thread. */
final class VectorRegisters {
  private static final MemorySegment SPOIL = code();

  private VectorRegisters() {}

  private static MemorySegment code() {
    MachineLevel level = Machine.ofProcess().level();
    if (level == null) {
      return MemorySegment.NULL;
    }
    Code spoil =
        switch (level.instructionSet()) {
          case X86_64 -> SpoilListing.listing();
          case AARCH64 -> A64SpoilListing.listing();
        };
    return CodeMemory.executable(List.of(spoil))[0];
  }

  /** Fills them with what no kernel leaves behind, so that none finds a constant of another. */
  static void spoil() {
    if (!SPOIL.equals(MemorySegment.NULL)) {
      NativeCall.call(SPOIL, MemorySegment.NULL, 0, 0, 0, 0, 0);
    }
  }
}
