package org.xlstm4j.engine.machine.arm.assembler;

/**
 * A number within an instruction.
 *
 * @param value as many bits as the instruction has room for
 */
public record A64Number(int value) implements A64Operand {
  @Override
  public String toString() {
    return "#" + value;
  }
}
