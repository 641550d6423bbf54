package org.xlstm4j.engine.machine.arm;

import java.util.List;
import java.util.Locale;
import org.xlstm4j.engine.machine.arm.assembler.A64Instruction;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Operation;
import org.xlstm4j.engine.machine.code.InstructionSet;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * Prints how many instructions the inner loops of products take for a weight and token, as the best
 * estimate of speed that can be had without a processor.
 */
final class InstructionCounts {
  private static final int BLOCK = 32 * 32;

  /** Columns of a turn of row-major weights. */
  private static final int TURN = 16;

  private InstructionCounts() {}

  public static void main(String[] arguments) {
    for (MachineLevel level : MachineLevel.values()) {
      if (level.instructionSet() == InstructionSet.AARCH64) {
        print(new ArmKernels(level));
      }
    }
  }

  private static void print(ArmKernels kernels) {
    for (WeightFormat format : WeightFormat.values()) {
      for (int tokens : new int[] {1, 2, 4, 8}) {
        if (tokens <= 4 || kernels.groupSizes(format).contains(tokens)) {
          int rows = tokens == 1 ? 8 : tokens == 2 ? 4 : 2;
          String label = format.isQuantized() ? "next_block" : "turn_" + rows;
          int weights = format.isQuantized() ? BLOCK : rows * TURN;
          int count = loop(kernels.product(format, tokens), label);
          System.out.printf(
              Locale.ROOT,
              "%s %s, %d tokens: %d instructions for %d weights, %.3f for a weight and token%n",
              kernels.level(),
              format,
              tokens,
              count,
              weights,
              (double) count / weights / tokens);
        }
      }
    }
  }

  /** Instructions from a label to the branch back to it. */
  private static int loop(A64Listing listing, String label) {
    List<A64Instruction> instructions = listing.instructions();
    int count = 0;
    boolean inside = false;
    for (A64Instruction instruction : instructions) {
      boolean isLabel = instruction.operation() == A64Operation.LABEL;
      boolean names =
          !instruction.operands().isEmpty()
              && instruction.operands().getLast().toString().equals(label);
      inside |= isLabel && names;
      if (inside && !isLabel) {
        count++;
        if (names) {
          return count;
        }
      }
    }
    throw new IllegalStateException("no loop " + label);
  }
}
