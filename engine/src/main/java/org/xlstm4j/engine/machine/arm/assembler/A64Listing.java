package org.xlstm4j.engine.machine.arm.assembler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xlstm4j.engine.machine.code.Code;

/**
 * Instructions in the order in which they are to run: what an assembler's source file is. Not
 * thread-safe.
 */
public final class A64Listing implements Code {
  private final List<A64Instruction> instructions = new ArrayList<>();

  /**
   * Adds an instruction.
   *
   * @param operation what it does
   * @param operands in the order of Arm's manual, the target first
   */
  public void add(A64Operation operation, A64Operand... operands) {
    instructions.add(new A64Instruction(operation, List.of(operands)));
  }

  /**
   * Adds an instruction whose last operand is a number.
   *
   * @param operation what it does
   * @param target the first operand
   * @param number the last operand
   */
  public void add(A64Operation operation, A64Operand target, int number) {
    add(operation, target, new A64Number(number));
  }

  /**
   * Adds an instruction whose last operand is a number.
   *
   * @param operation what it does
   * @param target the first operand
   * @param source the second operand
   * @param number the last operand
   */
  public void add(A64Operation operation, A64Operand target, A64Operand source, int number) {
    add(operation, target, source, new A64Number(number));
  }

  /**
   * Adds an instruction whose last operand is a number.
   *
   * @param operation what it does
   * @param target the first operand
   * @param first the second operand
   * @param second the third operand
   * @param number the last operand
   */
  public void add(
      A64Operation operation, A64Operand target, A64Operand first, A64Operand second, int number) {
    add(operation, target, first, second, new A64Number(number));
  }

  /**
   * Adds an instruction whose last operands are two numbers.
   *
   * @param operation what it does
   * @param target the first operand
   * @param source the second operand
   * @param first the third operand
   * @param second the last operand
   */
  public void add(
      A64Operation operation, A64Operand target, A64Operand source, int first, int second) {
    add(operation, target, source, new A64Number(first), new A64Number(second));
  }

  /** Adds what copies a general register. */
  public void move(A64General target, A64General source) {
    add(A64Operation.ORR, target, A64General.XZR, source);
  }

  /** Adds what copies a vector. */
  public void move(A64Vector target, A64Vector source) {
    add(A64Operation.ORR_LANES, target, source, source);
  }

  /**
   * Adds what puts a number into a general register.
   *
   * @param target its upper half becomes zeros
   * @param number 32 bits
   */
  public void set(A64General target, int number) {
    add(A64Operation.MOVZ, target, new A64Number(number & 0xffff), new A64Number(0));
    if (number >>> Short.SIZE != 0) {
      add(
          A64Operation.MOVK,
          target,
          new A64Number(number >>> Short.SIZE),
          new A64Number(Short.SIZE));
    }
  }

  /**
   * Adds what puts a number into all 32-bit lanes of a vector.
   *
   * @param target the vector
   * @param scratch a register that may change
   * @param number the bits of a lane
   */
  public void broadcast(A64Vector target, A64General scratch, int number) {
    set(scratch, number);
    add(A64Operation.DUP_GENERAL, target, scratch);
  }

  /** Adds what puts zeros into a vector. */
  public void clear(A64Vector target) {
    add(A64Operation.MOVI_ZERO, target);
  }

  /** Adds what counts down and branches until nothing is left. */
  public void repeat(A64General count, A64Label label) {
    add(A64Operation.SUBS_NUMBER, count, count, 1);
    add(A64Operation.B_NE, label);
  }

  /**
   * Places a label before the next instruction.
   *
   * @param label is placed once
   */
  public void place(A64Label label) {
    add(A64Operation.LABEL, label);
  }

  /** The instructions so far, labels among them. */
  public List<A64Instruction> instructions() {
    return Collections.unmodifiableList(instructions);
  }

  /** The machine code. */
  @Override
  public byte[] bytes() {
    return A64Encoder.encode(instructions);
  }

  /** A line an instruction, for GNU as and for readers. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (A64Instruction instruction : instructions) {
      text.append(instruction).append('\n');
    }
    return text.toString();
  }

  /**
   * Adds what sets a register to a count, but not above a constant.
   *
   * @param target receives it, another register than the count's
   */
  public void setAtMost(A64General target, A64General count, int most) {
    A64Label last = new A64Label("last");
    move(target, count);
    add(A64Operation.CMP_NUMBER, A64General.XZR, count, most);
    add(A64Operation.B_LO, last);
    set(target, most);
    place(last);
  }
}
