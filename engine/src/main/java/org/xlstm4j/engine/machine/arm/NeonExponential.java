package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.FunctionNumbers;

/**
 * Code for e^x. With x = n ln 2 + r, n whole and |r| at most ln 2 / 2, it is 2^n e^r: e^r by a
 * polynomial with the coefficients of Cephes' expf, 2^n by the exponent's bits, in two halves so
 * that results close to the largest number and below the smallest normal one are right.
 */
final class NeonExponential {
  private NeonExponential() {}

  /**
   * Adds code for {@code x = exp(x)}.
   *
   * @param x the argument, and the result
   * @param whole a register that changes, and so do {@code power} and {@code other}
   */
  static void add(
      NeonNumbers numbers, A64Vector x, A64Vector whole, A64Vector power, A64Vector other) {
    A64Listing code = numbers.code();
    numbers.load(other, FunctionNumbers.MOST);
    code.add(FMIN, x, x, other);
    numbers.load(other, FunctionNumbers.LEAST);
    code.add(FMAX, x, x, other);
    numbers.load(other, FunctionNumbers.ROUNDER);
    numbers.load(power, FunctionNumbers.LOG2_E);
    code.move(whole, other);
    code.add(FMLA, whole, x, power);
    code.add(FSUB, whole, whole, other);
    numbers.load(other, FunctionNumbers.LN2_HIGH);
    code.add(FMLS, x, whole, other);
    numbers.load(other, FunctionNumbers.LN2_LOW);
    code.add(FMLS, x, whole, other);
    numbers.polynomial(power, other, x, FunctionNumbers.exponential());
    code.add(FMUL, power, power, x);
    code.move(other, x);
    code.add(FMLA, other, power, x);
    numbers.load(power, 1);
    code.add(FADD, x, other, power);
    code.add(FCVTNS, whole, whole);
    code.add(SSHR, power, whole, 1);
    code.add(SUB_LANES, whole, whole, power);
    numbers.loadBits(other, FunctionNumbers.EXPONENT_BIAS);
    for (A64Vector exponent : new A64Vector[] {power, whole}) {
      code.add(ADD_LANES, exponent, exponent, other);
      code.add(SHL, exponent, exponent, FunctionNumbers.FRACTION_BITS);
      code.add(FMUL, x, x, exponent);
    }
  }
}
