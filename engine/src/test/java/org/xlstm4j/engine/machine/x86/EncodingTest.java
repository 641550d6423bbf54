package org.xlstm4j.engine.machine.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.machine.GnuEncodings;
import org.xlstm4j.engine.machine.x86.assembler.Instruction;
import org.xlstm4j.engine.machine.x86.assembler.InstructionForms;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Operand;
import org.xlstm4j.engine.machine.x86.assembler.Operation;

/** The bytes of instructions are those that GNU as makes. */
class EncodingTest {
  @Test
  void instructionsAreEncodedAsByGnuAs() throws IOException {
    List<Listing> alone =
        EncodingExamples.instructions().stream().map(EncodingTest::alone).toList();
    GnuEncodings.check("encodings.txt", alone, InstructionForms.jumps());
  }

  @Test
  void everyOperationIsAmongTheExamples() {
    Set<Operation> missing = EnumSet.allOf(Operation.class);
    for (Instruction instruction : EncodingExamples.instructions()) {
      missing.remove(instruction.operation());
    }
    for (Instruction instruction : InstructionForms.jumps().instructions()) {
      missing.remove(instruction.operation());
    }
    assertEquals(Set.of(), missing);
  }

  private static Listing alone(Instruction instruction) {
    Listing listing = new Listing();
    Operand[] operands = instruction.operands().toArray(Operand[]::new);
    if (instruction.mask() == null) {
      listing.add(instruction.operation(), operands);
    } else {
      listing.addMasked(instruction.mask(), instruction.operation(), operands);
    }
    return listing;
  }
}
