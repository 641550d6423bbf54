package org.xlstm4j.engine.cells;

/** Rounding of 32-bit floats to bfloat16, kept as 32-bit floats. */
final class Bfloat16 {
  private Bfloat16() {}

  /** Rounds to the nearest, ties to even, in place. Values are finite. */
  static void round(float[] values, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      int rounded = bits + 0x7fff + (bits >>> 16 & 1);
      values[i] = Float.intBitsToFloat(rounded & 0xffff0000);
    }
  }
}
