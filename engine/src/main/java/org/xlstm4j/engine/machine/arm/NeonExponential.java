package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * Code for e^x. With x = n ln 2 + r, n whole and |r| at most ln 2 / 2, it is 2^n e^r: e^r by a
 * polynomial with the coefficients of Cephes' expf, 2^n by the exponent's bits, in two halves so
 * that results close to the largest number and below the smallest normal one are right.
 */
final class NeonExponential {
  /** The results of more are infinite, those of less are 0; NaN stays NaN. */
  private static final float MOST = 89;

  private static final float LEAST = -104;
  private static final float LOG2_E = 1.4426950408889634f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  /** Adding and subtracting it rounds a float of small magnitude to an integer. */
  private static final float ROUNDER = 0x1.8p23f;

  /** Highest power of r first, down to its square. */
  private static final float[] POLYNOMIAL = {
    1.9875691500e-4f,
    1.3981999507e-3f,
    8.3334519073e-3f,
    4.1665795894e-2f,
    1.6666665459e-1f,
    5.0000001201e-1f
  };

  private static final int EXPONENT_BIAS = 127;
  private static final int FRACTION_BITS = 23;

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
    numbers.load(other, MOST);
    code.add(FMIN, x, x, other);
    numbers.load(other, LEAST);
    code.add(FMAX, x, x, other);
    numbers.load(other, ROUNDER);
    numbers.load(power, LOG2_E);
    code.move(whole, other);
    code.add(FMLA, whole, x, power);
    code.add(FSUB, whole, whole, other);
    numbers.load(other, LN2_HIGH);
    code.add(FMLS, x, whole, other);
    numbers.load(other, LN2_LOW);
    code.add(FMLS, x, whole, other);
    numbers.polynomial(power, other, x, POLYNOMIAL);
    code.add(FMUL, power, power, x);
    code.move(other, x);
    code.add(FMLA, other, power, x);
    numbers.load(power, 1);
    code.add(FADD, x, other, power);
    code.add(FCVTNS, whole, whole);
    code.add(SSHR, power, whole, 1);
    code.add(SUB_LANES, whole, whole, power);
    numbers.loadBits(other, EXPONENT_BIAS);
    for (A64Vector exponent : new A64Vector[] {power, whole}) {
      code.add(ADD_LANES, exponent, exponent, other);
      code.add(SHL, exponent, exponent, FRACTION_BITS);
      code.add(FMUL, x, x, exponent);
    }
  }
}
