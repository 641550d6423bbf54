package org.xlstm4j.engine.kernels;

/** The complementary error function. */
public final class ErrorFunction {
  /**
   * Coefficients, lowest power of t first, of log(erfc(z) / t) + z^2 with t = 1 / (1 + z / 2):
   * Chebyshev fit of Numerical Recipes (2nd edition, 6.2), relative error below 1.2e-7 everywhere.
   */
  private static final double[] FIT = {
    -1.26551223,
    1.00002368,
    0.37409196,
    0.09678418,
    -0.18628806,
    0.27886807,
    -1.13520398,
    1.48851587,
    -0.82215223,
    0.17087277
  };

  private ErrorFunction() {}

  /** The highest power of t in the fit. */
  public static int degree() {
    return FIT.length - 1;
  }

  /** The factor of a power of t in the fit, from 0 to {@link #degree}. */
  public static double coefficient(int power) {
    return FIT[power];
  }
}
