package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.FunctionNumbers;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Code for e^x. With x = n ln 2 + r, n whole and |r| at most ln 2 / 2, it is 2^n e^r: e^r by a
 * polynomial with the coefficients of Cephes' expf, 2^n by the exponent's bits, in two halves so
 * that results close to the largest number and below the smallest normal one are right.
 */
final class Exponential {
  private Exponential() {}

  /**
   * Adds code for {@code x = exp(x)}.
   *
   * @param x the argument, and the result
   * @param whole a register that changes
   * @param power a register that changes
   */
  static void add(Listing code, NumberOperands numbers, Vector x, Vector whole, Vector power) {
    // minimum and maximum return their second operand where one is NaN
    code.add(VMOVUPS, power, numbers.of(FunctionNumbers.MOST));
    code.add(VMINPS, x, power, x);
    code.add(VMOVUPS, power, numbers.of(FunctionNumbers.LEAST));
    code.add(VMAXPS, x, power, x);
    code.add(VMOVUPS, whole, numbers.of(FunctionNumbers.LOG2_E));
    code.add(VFMADD213PS, whole, x, numbers.of(FunctionNumbers.ROUNDER));
    code.add(VSUBPS, whole, whole, numbers.of(FunctionNumbers.ROUNDER));
    code.add(VFNMADD231PS, x, whole, numbers.of(FunctionNumbers.LN2_HIGH));
    code.add(VFNMADD231PS, x, whole, numbers.of(FunctionNumbers.LN2_LOW));
    numbers.polynomial(code, power, x, FunctionNumbers.exponential());
    code.add(VMULPS, power, power, x);
    code.add(VFMADD213PS, power, x, x);
    code.add(VADDPS, x, power, numbers.of(1));
    code.add(VCVTPS2DQ, whole, whole);
    code.add(VPSRAD, power, whole, 1);
    code.add(VPSUBD, whole, whole, power);
    scale(code, numbers, x, power);
    scale(code, numbers, x, whole);
  }

  /** {@code x = x 2^exponent}. */
  private static void scale(Listing code, NumberOperands numbers, Vector x, Vector exponent) {
    code.add(VPADDD, exponent, exponent, numbers.ofBits(FunctionNumbers.EXPONENT_BIAS));
    code.add(VPSLLD, exponent, exponent, FunctionNumbers.FRACTION_BITS);
    code.add(VMULPS, x, x, exponent);
  }
}
