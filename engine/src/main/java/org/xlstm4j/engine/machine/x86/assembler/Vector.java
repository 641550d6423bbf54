package org.xlstm4j.engine.machine.x86.assembler;

/**
 * A vector register.
 *
 * @param number 0 to 15, with AVX-512 to 31
 * @param bytes how much of it is meant: 16, 32 or 64
 */
public record Vector(int number, int bytes) implements Operand {
  /** Bytes of the parts named xmm, ymm and zmm. */
  public static final int XMM = 16;

  public static final int YMM = 32;

  public static final int ZMM = 64;

  /** Checks the number and the size. */
  public Vector {
    if (number < 0 || number > 31 || (bytes != XMM && bytes != YMM && bytes != ZMM)) {
      throw new IllegalArgumentException("vector register " + number + " of " + bytes + " bytes");
    }
  }

  /**
   * The lower part of the same register.
   *
   * @param partBytes 16, 32 or 64
   */
  public Vector as(int partBytes) {
    return new Vector(number, partBytes);
  }

  @Override
  public String toString() {
    return (bytes == XMM ? "xmm" : bytes == YMM ? "ymm" : "zmm") + number;
  }
}
