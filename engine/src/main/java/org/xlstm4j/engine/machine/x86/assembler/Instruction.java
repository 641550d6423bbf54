package org.xlstm4j.engine.machine.x86.assembler;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One instruction.
 *
 * @param operation what it does
 * @param operands in the order of Intel's manual, the target first
 * @param mask the lanes that are loaded or stored, others become zero or stay as they are in
 *     memory; null for all
 */
public record Instruction(Operation operation, List<Operand> operands, @Nullable Mask mask) {
  /** The place where a label stands, which takes no bytes. */
  static Instruction placed(Label label) {
    return new Instruction(Operation.LABEL, List.of(label), null);
  }

  /** A line of the language that GNU as reads after {@code .intel_syntax noprefix}. */
  @Override
  public String toString() {
    if (operation == Operation.LABEL) {
      return operands.get(0) + ":";
    }
    StringBuilder text = new StringBuilder(operation.mnemonic(this));
    for (int i = 0; i < operands.size(); i++) {
      text.append(i == 0 ? " " : ", ").append(operand(i));
    }
    if (operation == Operation.SHL_BY_RCX) {
      text.append(", cl");
    }
    return text.toString().toLowerCase(Locale.ROOT);
  }

  private String operand(int index) {
    Operand operand = operands.get(index);
    String text = operand.toString();
    if (operand instanceof Memory memory && memory.broadcast()) {
      text = "dword ptr " + text + "{1to" + vectorBytes() / Integer.BYTES + "}";
    } else if (operand instanceof Memory && operation == Operation.MOVZX) {
      text = "word ptr " + text;
    } else if (operand instanceof General general && operation == Operation.KMOVW) {
      text = general.lowerHalf();
    }
    if (index == 0 && mask != null) {
      text += "{" + mask + "}" + (operand instanceof Vector ? "{z}" : "");
    }
    return text;
  }

  /** The size of the largest vector among the operands; 0 where there is none. */
  int vectorBytes() {
    int most = 0;
    for (Operand operand : operands) {
      if (operand instanceof Vector vector) {
        most = Math.max(most, vector.bytes());
      }
    }
    return most;
  }

  /** Whether only AVX-512 can say it. */
  boolean needsEvex() {
    boolean needed = mask != null;
    for (Operand operand : operands) {
      needed |=
          operand instanceof Vector vector
              && (vector.number() > 15 || vector.bytes() == Vector.ZMM);
      needed |= operand instanceof Memory memory && memory.broadcast();
    }
    return needed;
  }
}
