package org.xlstm4j.engine.machine.x86.assembler;

/**
 * A mask register of AVX-512.
 *
 * @param number 1 to 7
 */
public record Mask(int number) implements Operand {
  /** Checks the number. */
  public Mask {
    if (number < 1 || number > 7) {
      throw new IllegalArgumentException("mask register " + number);
    }
  }

  @Override
  public String toString() {
    return "k" + number;
  }
}
