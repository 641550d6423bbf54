package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.FMLA;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.LDR_Q;

import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.MathConstants;

/**
 * Code that loads numbers from their table.
 *
 * @param code is added to
 * @param table where the numbers are
 * @param address the register that holds the table's address
 */
record NeonNumbers(A64Listing code, MathConstants table, A64General address) {
  /** A float in all lanes. */
  void load(A64Vector target, float number) {
    code.add(LDR_Q, target, address.memory(table.offset(number)));
  }

  /** 32 bits in all lanes. */
  void loadBits(A64Vector target, int bits) {
    code.add(LDR_Q, target, address.memory(table.offsetOfBits(bits)));
  }

  /**
   * A polynomial.
   *
   * @param result receives its value
   * @param other a register that changes
   * @param coefficients the highest power's first
   */
  void polynomial(A64Vector result, A64Vector other, A64Vector variable, float... coefficients) {
    boolean odd = coefficients.length % 2 != 0;
    A64Vector value = odd ? result : other;
    A64Vector next = odd ? other : result;
    load(value, coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      load(next, coefficients[i]);
      code.add(FMLA, next, value, variable);
      A64Vector before = value;
      value = next;
      next = before;
    }
  }
}
