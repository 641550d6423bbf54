package org.xlstm4j.engine.machine.x86.assembler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xlstm4j.engine.machine.code.Code;

/**
 * Instructions in the order in which they are to run: what an assembler's source file is. Not
 * thread-safe.
 */
public final class Listing implements Code {
  private final List<Instruction> instructions = new ArrayList<>();

  /**
   * Adds an instruction.
   *
   * @param operation what it does
   * @param operands in the order of Intel's manual, the target first
   */
  public void add(Operation operation, Operand... operands) {
    instructions.add(new Instruction(operation, List.of(operands), null));
  }

  /**
   * Adds an instruction whose last operand is a number.
   *
   * @param operation what it does
   * @param target the first operand
   * @param immediate the last operand
   */
  public void add(Operation operation, Operand target, int immediate) {
    add(operation, target, new Immediate(immediate));
  }

  /**
   * Adds an instruction whose last operand is a number.
   *
   * @param operation what it does
   * @param target the first operand
   * @param source the second operand
   * @param immediate the last operand
   */
  public void add(Operation operation, Operand target, Operand source, int immediate) {
    add(operation, target, source, new Immediate(immediate));
  }

  /**
   * Adds an instruction whose last operand is a number.
   *
   * @param operation what it does
   * @param target the first operand
   * @param first the second operand
   * @param second the third operand
   * @param immediate the last operand
   */
  public void add(
      Operation operation, Operand target, Operand first, Operand second, int immediate) {
    add(operation, target, first, second, new Immediate(immediate));
  }

  /**
   * Adds what puts a number into all 32-bit lanes of a vector.
   *
   * @param target the vector
   * @param scratch a register that may change
   * @param number the bits of a lane
   */
  public void broadcast(Vector target, General scratch, int number) {
    add(Operation.MOV_IMMEDIATE, scratch, number);
    broadcast(target, scratch);
  }

  /**
   * The same with the number in a register.
   *
   * @param target the vector
   * @param number holds the bits of a lane
   */
  public void broadcast(Vector target, General number) {
    Vector lowest = target.as(Vector.XMM);
    add(Operation.VMOVQ, lowest, number);
    add(Operation.VPBROADCASTD, target, lowest);
  }

  /**
   * Adds an instruction that touches some lanes only.
   *
   * @param mask the lanes; those of a register that are left out become zero
   * @param operation what it does
   * @param operands in the order of Intel's manual, the target first
   */
  public void addMasked(Mask mask, Operation operation, Operand... operands) {
    instructions.add(new Instruction(operation, List.of(operands), mask));
  }

  /**
   * Places a label before the next instruction.
   *
   * @param label is placed once
   */
  public void place(Label label) {
    instructions.add(Instruction.placed(label));
  }

  /** The instructions so far, labels among them. */
  public List<Instruction> instructions() {
    return Collections.unmodifiableList(instructions);
  }

  /** The machine code. */
  @Override
  public byte[] bytes() {
    return Encoder.encode(instructions);
  }

  /** A line an instruction, for GNU as and for readers. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Instruction instruction : instructions) {
      text.append(instruction).append('\n');
    }
    return text.toString();
  }

  /**
   * Adds what sets a register to a count, but not above a constant.
   *
   * @param target receives it, another register than the count's
   */
  public void setAtMost(General target, General count, int most) {
    Label last = new Label("last");
    add(Operation.MOV, target, count);
    add(Operation.CMP_IMMEDIATE, count, most);
    add(Operation.JB, last);
    add(Operation.MOV_IMMEDIATE, target, most);
    place(last);
  }
}
