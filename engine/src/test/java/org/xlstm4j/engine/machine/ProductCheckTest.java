package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.assembler.Instruction;
import org.xlstm4j.engine.machine.assembler.Label;
import org.xlstm4j.engine.machine.assembler.Listing;
import org.xlstm4j.engine.machine.assembler.Operand;
import org.xlstm4j.engine.machine.assembler.Operation;

/** The check at start finds kernels that are wrong in as little as one instruction. */
class ProductCheckTest {
  /** Their work may be done already: a constant or zeros of the kernel that ran before. */
  private static final Set<Operation> PREPARATIONS =
      EnumSet.of(Operation.VMOVQ, Operation.VPXOR, Operation.VPBROADCASTD, Operation.VZEROUPPER);

  /** All are many: every so many of those that compute. */
  private static final int STEP = 5;

  static List<Execution> natives() {
    return Execution.natives();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("natives")
  void findsAnInstructionThatIsMissing(Execution execution) {
    for (WeightFormat format : WeightFormat.values()) {
      int computing = 0;
      for (int count = 1; count <= RowKernels.MAX_TOKENS; count++) {
        List<Instruction> instructions = execution.product(format, count).instructions();
        for (Instruction instruction : instructions) {
          if (computes(instruction) && computing++ % STEP == 0) {
            Listing wrong = without(instructions, instruction);
            assertFalse(
                isRight(execution, format, count, wrong), () -> format + " without " + instruction);
          }
        }
      }
      assertTrue(isRight(execution, format, 1, execution.product(format, 1)));
    }
  }

  private static boolean computes(Instruction instruction) {
    Operation operation = instruction.operation();
    return operation.name().startsWith("V")
        && !PREPARATIONS.contains(operation)
        && !instruction.toString().contains("[rsp");
  }

  private static boolean isRight(
      Execution execution, WeightFormat format, int count, Listing listing) {
    List<Listing> listings = new ArrayList<>();
    for (int i = 1; i <= RowKernels.MAX_TOKENS; i++) {
      listings.add(i == count ? listing : execution.product(format, i));
    }
    ProductKernels kernels = ProductKernels.of(format, listings);
    return new ProductCheck(kernels, Machine.ofProcess().newTokens()).isRight();
  }

  /** Without this very one; others of the same text stay. */
  @SuppressWarnings("ReferenceEquality")
  private static Listing without(List<Instruction> instructions, Instruction left) {
    Listing listing = new Listing();
    for (Instruction instruction : instructions) {
      if (instruction == left) {
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
