package org.xlstm4j.engine.kernels;

/**
 * Fused multiply-adds of the scalar kernels. Vectors multiply and add with one rounding, and so
 * does what stands in for them. Where the processor has no such instruction, {@link Math#fma}
 * computes with big decimals; SIMD kernels are never in use there, and two roundings do as well.
 */
public final class FusedMultiplyAdd {
  /** Products timed together. */
  private static final int PRODUCTS = 32;

  /** Rounds, of which the fastest counts, so that it does not matter what else the machine does. */
  private static final int ROUNDS = 8;

  /** How often as long as a multiplication and an addition it may take to count as fast. */
  private static final long MOST = 20;

  /** Whether there is such an instruction. */
  public static final boolean IS_FAST = isFast();

  private FusedMultiplyAdd() {}

  /** {@code a * b + c}. */
  public static float of(float a, float b, float c) {
    return IS_FAST ? Math.fma(a, b, c) : a * b + c;
  }

  /** {@code y = factor * x + y}. */
  public static void add(float factor, float[] x, int xOffset, int length, float[] y, int yOffset) {
    if (IS_FAST) {
      for (int i = 0; i < length; i++) {
        y[yOffset + i] = Math.fma(factor, x[xOffset + i], y[yOffset + i]);
      }
    } else {
      for (int i = 0; i < length; i++) {
        y[yOffset + i] += factor * x[xOffset + i];
      }
    }
  }

  /** {@code y = w * x + y}, elementwise. */
  public static void add(
      float[] w, int wOffset, float[] x, int xOffset, int length, float[] y, int yOffset) {
    if (IS_FAST) {
      for (int i = 0; i < length; i++) {
        y[yOffset + i] = Math.fma(w[wOffset + i], x[xOffset + i], y[yOffset + i]);
      }
    } else {
      for (int i = 0; i < length; i++) {
        y[yOffset + i] += w[wOffset + i] * x[xOffset + i];
      }
    }
  }

  private static boolean isFast() {
    long fused = Long.MAX_VALUE;
    long separate = Long.MAX_VALUE;
    float sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 1; i <= PRODUCTS; i++) {
        sum = Math.fma(0.7f, i, sum);
      }
      long middle = System.nanoTime();
      for (int i = 1; i <= PRODUCTS; i++) {
        sum = 0.7f * i + sum;
      }
      fused = Math.min(fused, middle - start);
      separate = Math.min(separate, System.nanoTime() - middle);
    }
    return sum > 0 && fused <= MOST * Math.max(separate, 1);
  }
}
