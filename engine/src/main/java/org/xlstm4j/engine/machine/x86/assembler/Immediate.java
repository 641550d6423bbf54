package org.xlstm4j.engine.machine.x86.assembler;

/**
 * A number within an instruction.
 *
 * @param value of 32 bits; instructions that keep 8 bits of it say so
 */
public record Immediate(int value) implements Operand {
  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
