package org.xlstm4j.engine.machine.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.machine.GnuEncodings;
import org.xlstm4j.engine.machine.arm.assembler.A64Examples;
import org.xlstm4j.engine.machine.arm.assembler.A64Instruction;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Operand;
import org.xlstm4j.engine.machine.arm.assembler.A64Operation;

/** The bytes of instructions are those that GNU as makes. */
class A64EncodingTest {
  @Test
  void instructionsAreEncodedAsByGnuAs() throws IOException {
    List<A64Listing> alone =
        A64EncodingExamples.instructions().stream().map(A64EncodingTest::alone).toList();
    GnuEncodings.check("a64-encodings.txt", alone, A64Examples.branches());
  }

  @Test
  void everyOperationIsUsedByAKernel() {
    Set<A64Operation> missing = EnumSet.allOf(A64Operation.class);
    for (A64Listing kernel : A64EncodingExamples.kernels()) {
      for (A64Instruction instruction : kernel.instructions()) {
        missing.remove(instruction.operation());
      }
    }
    assertEquals(Set.of(), missing);
  }

  /** Emulators do not show whether this is missing: data is written back before it is dropped. */
  @Test
  void cachesAreToldOfNewCode() {
    assertEquals(
        """
        add x1, x0, x1
        mrs x2, ctr_el0
        ubfx x3, x2, #16, #4
        movz x4, #4, lsl #0
        lsl x3, x4, x3
        sub x4, x3, #1
        bic x4, x0, x4
        next_dc_cvau:
        dc cvau, x4
        add x4, x4, x3
        cmp x4, x1
        b.lo next_dc_cvau
        dsb ish
        ubfx x3, x2, #0, #4
        movz x4, #4, lsl #0
        lsl x3, x4, x3
        sub x4, x3, #1
        bic x4, x0, x4
        next_ic_ivau:
        ic ivau, x4
        add x4, x4, x3
        cmp x4, x1
        b.lo next_ic_ivau
        dsb ish
        isb
        ret
        """,
        CacheMaintenance.listing().toString());
  }

  private static A64Listing alone(A64Instruction instruction) {
    A64Listing listing = new A64Listing();
    listing.add(instruction.operation(), instruction.operands().toArray(A64Operand[]::new));
    return listing;
  }
}
