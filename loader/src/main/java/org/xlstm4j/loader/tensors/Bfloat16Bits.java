package org.xlstm4j.loader.tensors;

/** Numbers of type BF16: the upper halves of 32-bit floats. */
public final class Bfloat16Bits {
  private Bfloat16Bits() {}

  /** The number that the bits stand for, exactly. */
  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The bits of the nearest number of this type, ties to even; the value is no NaN. */
  public static short nearest(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }
}
