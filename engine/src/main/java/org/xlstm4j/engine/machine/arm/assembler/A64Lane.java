package org.xlstm4j.engine.machine.arm.assembler;

/**
 * A lane of a vector register, of the size that the instruction takes.
 *
 * @param vector the register
 * @param index counted from the lowest
 */
public record A64Lane(A64Vector vector, int index) implements A64Operand {
  /** Checks the index. */
  public A64Lane {
    if (index < 0 || index >= A64Vector.LANES) {
      throw new IllegalArgumentException("lane " + index);
    }
  }

  @Override
  public int number() {
    return vector.number();
  }

  @Override
  public String toString() {
    return vector + "[" + index + "]";
  }
}
