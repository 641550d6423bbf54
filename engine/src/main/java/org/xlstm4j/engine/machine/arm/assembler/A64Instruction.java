package org.xlstm4j.engine.machine.arm.assembler;

import java.util.List;

/**
 * One instruction.
 *
 * @param operation what it does
 * @param operands in the order of Arm's manual, the target first
 */
public record A64Instruction(A64Operation operation, List<A64Operand> operands) {
  /** A line of the language that GNU as reads. */
  @Override
  public String toString() {
    if (operation == A64Operation.LABEL) {
      return operands.get(0) + ":";
    }
    StringBuilder text = new StringBuilder(operation.mnemonic());
    boolean isComparison = operation == A64Operation.CMP || operation == A64Operation.CMP_NUMBER;
    String separator = " ";
    for (int i = isComparison ? 1 : 0; i < operands.size(); i++) {
      text.append(separator).append(operand(i));
      separator = ", ";
    }
    return text + ending();
  }

  /** What the operands leave out. */
  private String ending() {
    return switch (operation) {
      case MRS_CTR -> ", ctr_el0";
      case MOVI_ZERO -> ", #0";
      case SHLL, SHLL2 -> ", #" + operation.bits(1);
      default -> "";
    };
  }

  private String operand(int index) {
    A64Operand operand = operands.get(index);
    String shape = operation.shape(index);
    return switch (operand) {
      case A64General general -> shape.equals("w") ? general.lowerHalf() : general.toString();
      case A64Vector vector when shape.length() == 1 -> shape + vector.number();
      case A64Vector vector -> vector + "." + shape;
      case A64Lane lane -> lane.vector() + "." + shape + "[" + lane.index() + "]";
      case A64Number number when operation.form == A64Form.DNM_SHIFT || isMoved(index) ->
          "lsl " + number;
      case A64Number number -> number.toString();
      case A64Memory memory -> memory.toString();
      case A64Label label -> label.toString();
    };
  }

  private boolean isMoved(int index) {
    return operation.form == A64Form.D_NUMBER && index == 2;
  }
}
