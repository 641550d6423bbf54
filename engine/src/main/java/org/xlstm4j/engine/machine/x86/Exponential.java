package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Code for e^x. With x = n ln 2 + r, n whole and |r| at most ln 2 / 2, it is 2^n e^r: e^r by a
 * polynomial with the coefficients of Cephes' expf, 2^n by the exponent's bits, in two halves so
 * that results close to the largest number and below the smallest normal one are right.
 */
final class Exponential {
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
    code.add(VMOVUPS, power, numbers.of(MOST));
    code.add(VMINPS, x, power, x);
    code.add(VMOVUPS, power, numbers.of(LEAST));
    code.add(VMAXPS, x, power, x);
    code.add(VMOVUPS, whole, numbers.of(LOG2_E));
    code.add(VFMADD213PS, whole, x, numbers.of(ROUNDER));
    code.add(VSUBPS, whole, whole, numbers.of(ROUNDER));
    code.add(VFNMADD231PS, x, whole, numbers.of(LN2_HIGH));
    code.add(VFNMADD231PS, x, whole, numbers.of(LN2_LOW));
    code.add(VMOVUPS, power, numbers.of(POLYNOMIAL[0]));
    for (int i = 1; i < POLYNOMIAL.length; i++) {
      code.add(VFMADD213PS, power, x, numbers.of(POLYNOMIAL[i]));
    }
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
    code.add(VPADDD, exponent, exponent, numbers.ofBits(EXPONENT_BIAS));
    code.add(VPSLLD, exponent, exponent, FRACTION_BITS);
    code.add(VMULPS, x, x, exponent);
  }
}
