package org.xlstm4j.engine.machine.arm.assembler;

/**
 * A vector register of 128 bits.
 *
 * @param number 0 to 31
 */
public record A64Vector(int number) implements A64Operand {
  /** Bytes of a vector. */
  public static final int BYTES = 16;

  /** Lanes of 32 bits. */
  public static final int LANES = BYTES / Integer.BYTES;

  /** How many there are. */
  public static final int COUNT = 32;

  /** Checks the number. */
  public A64Vector {
    if (number < 0 || number >= COUNT) {
      throw new IllegalArgumentException("vector register " + number);
    }
  }

  /** A lane, of the size that the instruction takes. */
  public A64Lane lane(int index) {
    return new A64Lane(this, index);
  }

  @Override
  public String toString() {
    return "v" + number;
  }
}
