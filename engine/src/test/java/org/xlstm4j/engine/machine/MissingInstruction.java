package org.xlstm4j.engine.machine;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.xlstm4j.engine.machine.assembler.Instruction;
import org.xlstm4j.engine.machine.assembler.Label;
import org.xlstm4j.engine.machine.assembler.Listing;
import org.xlstm4j.engine.machine.assembler.Operand;
import org.xlstm4j.engine.machine.assembler.Operation;

/** Kernels that are wrong because they lack an instruction, and still come to an end. */
final class MissingInstruction {
  /** Their work may be done already: a constant or zeros of the kernel that ran before. */
  private static final Set<Operation> PREPARATIONS =
      EnumSet.of(Operation.VMOVQ, Operation.VPXOR, Operation.VPBROADCASTD, Operation.VZEROUPPER);

  private static final Set<Operation> OF_TILES =
      EnumSet.of(
          Operation.TDPBF16PS,
          Operation.TDPBSSD,
          Operation.TILELOADD,
          Operation.TILESTORED,
          Operation.TILEZERO);

  private MissingInstruction() {}

  /** Instructions without which the results are wrong. */
  static List<Instruction> candidates(Listing kernel) {
    return kernel.instructions().stream().filter(MissingInstruction::computes).toList();
  }

  private static boolean computes(Instruction instruction) {
    Operation operation = instruction.operation();
    return (operation.name().startsWith("V") || OF_TILES.contains(operation))
        && !PREPARATIONS.contains(operation)
        && !instruction.toString().contains("[rsp");
  }

  /** Without this very one; others of the same text stay. */
  @SuppressWarnings("ReferenceEquality")
  static Listing without(Listing kernel, Instruction missing) {
    Listing listing = new Listing();
    for (Instruction instruction : kernel.instructions()) {
      if (instruction == missing) {
        continue;
      }
      Operand[] operands = instruction.operands().toArray(Operand[]::new);
      if (instruction.operation() == Operation.LABEL) {
        listing.place((Label) operands[0]);
      } else if (instruction.mask() != null) {
        listing.addMasked(instruction.mask(), instruction.operation(), operands);
      } else {
        listing.add(instruction.operation(), operands);
      }
    }
    return listing;
  }
}
