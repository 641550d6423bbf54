package org.xlstm4j.engine.machine;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.xlstm4j.engine.machine.arm.assembler.A64Instruction;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Operand;
import org.xlstm4j.engine.machine.arm.assembler.A64Operation;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.x86.assembler.Instruction;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Operand;
import org.xlstm4j.engine.machine.x86.assembler.Operation;

/** Kernels that are wrong because they lack an instruction, and still come to an end. */
final class MissingInstruction {
  /** Their work may be done already: a constant or zeros of the kernel that ran before. */
  private static final Set<Operation> PREPARATIONS =
      EnumSet.of(Operation.VMOVQ, Operation.VPXOR, Operation.VPBROADCASTD, Operation.VZEROUPPER);

  private static final Set<A64Operation> ARM_PREPARATIONS =
      EnumSet.of(
          A64Operation.MOVI_ZERO, A64Operation.DUP_GENERAL, A64Operation.LDP_D, A64Operation.STP_D);
  private static final Set<Operation> OF_TILES =
      EnumSet.of(
          Operation.TDPBF16PS,
          Operation.TDPBSSD,
          Operation.TILELOADD,
          Operation.TILESTORED,
          Operation.TILEZERO);

  private MissingInstruction() {}

  /** Instructions without which the results are wrong. */
  static List<Object> candidates(Code kernel) {
    return switch (kernel) {
      case Listing listing ->
          List.copyOf(
              listing.instructions().stream().filter(MissingInstruction::computes).toList());
      case A64Listing listing ->
          List.copyOf(
              listing.instructions().stream().filter(MissingInstruction::computes).toList());
      default -> throw new IllegalArgumentException("not made by an assembler");
    };
  }

  private static boolean computes(Instruction instruction) {
    Operation operation = instruction.operation();
    return (operation.name().startsWith("V") || OF_TILES.contains(operation))
        && !PREPARATIONS.contains(operation)
        && !instruction.toString().contains("[rsp");
  }

  private static boolean computes(A64Instruction instruction) {
    return !instruction.operands().isEmpty()
        && instruction.operands().getFirst() instanceof A64Vector
        && !ARM_PREPARATIONS.contains(instruction.operation());
  }

  /**
   * Without this very one; others of the same text stay. Registers lose what kernels left in them,
   * or one that lacks a constant might find it there.
   */
  @SuppressWarnings("ReferenceEquality")
  static Code without(Code kernel, Object missing) {
    VectorRegisters.spoil();
    if (kernel instanceof A64Listing listing) {
      A64Listing rest = new A64Listing();
      for (A64Instruction instruction : listing.instructions()) {
        if (instruction != missing) {
          rest.add(instruction.operation(), instruction.operands().toArray(A64Operand[]::new));
        }
      }
      return rest;
    }
    Listing listing = new Listing();
    for (Instruction instruction : ((Listing) kernel).instructions()) {
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
