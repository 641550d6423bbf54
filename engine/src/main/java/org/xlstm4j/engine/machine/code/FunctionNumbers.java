package org.xlstm4j.engine.machine.code;

/**
 * The numbers that activation functions are computed by, the same for all instruction sets: e^x is
 * 2^n e^r with x = n ln 2 + r, n whole and |r| at most ln 2 / 2.
 */
public final class FunctionNumbers {
  /** The results of more are infinite, those of less than {@link #LEAST} are 0; NaN stays NaN. */
  public static final float MOST = 89;

  public static final float LEAST = -104;
  public static final float LOG2_E = 1.4426950408889634f;
  public static final float LN2_HIGH = 0.693359375f;
  public static final float LN2_LOW = -2.12194440e-4f;

  /** Adding and subtracting it rounds a float of small magnitude to an integer. */
  public static final float ROUNDER = 0x1.8p23f;

  public static final int EXPONENT_BIAS = 127;
  public static final int FRACTION_BITS = 23;

  /** Below this magnitude the quotient of exponentials loses digits of tanh. */
  public static final float NEAR_ZERO = 0.625f;

  private FunctionNumbers() {}

  /** Cephes' polynomial of expf: highest power of r first, down to its square. */
  public static float[] exponential() {
    return new float[] {
      1.9875691500e-4f,
      1.3981999507e-3f,
      8.3334519073e-3f,
      4.1665795894e-2f,
      1.6666665459e-1f,
      5.0000001201e-1f
    };
  }

  /** Cephes' polynomial of tanh near 0, highest power of x^2 first. */
  public static float[] tanh() {
    return new float[] {
      -5.70498872745e-3f,
      2.06390887954e-2f,
      -5.37397155531e-2f,
      1.33314422036e-1f,
      -3.33332819422e-1f
    };
  }

  /** Factors of log1p(e) = 2 s (1 + s^2/3 + s^4/5 + ...) with s = e / (2 + e), highest first. */
  public static float[] logarithm() {
    return new float[] {1 / 15f, 1 / 13f, 1 / 11f, 1 / 9f, 1 / 7f, 1 / 5f, 1 / 3f};
  }
}
