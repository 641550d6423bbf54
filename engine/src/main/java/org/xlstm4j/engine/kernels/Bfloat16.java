package org.xlstm4j.engine.kernels;

/** Numbers of type bfloat16: the upper halves of 32-bit floats. */
public final class Bfloat16 {
  /** The upper half of a word: the bits of one number, or of the second of a pair. */
  public static final int HIGH_HALF = 0xffff0000;

  private Bfloat16() {}

  /**
   * The bits of the nearest bfloat16, of two equally near ones the even one, as those of a 32-bit
   * float. NaN stays NaN.
   */
  public static int nearest(float value) {
    // only with the bits that all NaNs get here does the addition not leave them
    int bits = Float.floatToIntBits(value);
    return (bits + 0x7fff + (bits >>> 16 & 1)) & HIGH_HALF;
  }

  /** Rounds to the nearest in place; the values stay 32-bit floats. */
  public static void round(float[] values, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      values[i] = Float.intBitsToFloat(nearest(values[i]));
    }
  }
}
