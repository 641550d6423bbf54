package org.xlstm4j.engine.machine.arm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.machine.arm.assembler.A64Examples;
import org.xlstm4j.engine.machine.arm.assembler.A64Instruction;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Operand;
import org.xlstm4j.engine.machine.arm.assembler.A64Operation;

/** The bytes of instructions are those that GNU as makes. */
class A64EncodingTest {
  private static final String GOLDENS = "/assembler/a64-encodings.txt";
  private static final String AGAIN = "engine/src/test/assembler/encodings makes the file again";

  @Test
  void instructionsAreEncodedAsByGnuAs() throws IOException {
    List<String> lines = goldens();
    int next = 0;
    for (A64Instruction instruction : A64EncodingExamples.instructions()) {
      assertEquals(lines.get(next), line(instruction), AGAIN);
      next++;
    }
    StringBuilder bytes = new StringBuilder();
    StringBuilder texts = new StringBuilder();
    for (String line : lines.subList(next, lines.size())) {
      String[] parts = line.split("\t", 2);
      bytes.append(parts[0]);
      texts.append(parts[1]).append('\n');
    }
    A64Listing branches = A64Examples.branches();
    assertEquals(texts.toString(), branches.toString(), AGAIN);
    assertEquals(bytes.toString(), HexFormat.of().formatHex(branches.bytes()));
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

  private static String line(A64Instruction instruction) {
    A64Listing listing = new A64Listing();
    listing.add(instruction.operation(), instruction.operands().toArray(A64Operand[]::new));
    return HexFormat.of().formatHex(listing.bytes()) + "\t" + instruction;
  }

  private static List<String> goldens() throws IOException {
    try (InputStream stream = A64EncodingTest.class.getResourceAsStream(GOLDENS)) {
      return new String(stream.readAllBytes(), UTF_8).lines().toList();
    }
  }
}
