package org.xlstm4j.engine.machine.arm.assembler;

/** What an instruction works on. */
public sealed interface A64Operand
    permits A64General, A64Vector, A64Lane, A64Memory, A64Number, A64Label {
  /** The number of a register. */
  default int number() {
    throw new IllegalArgumentException(this + " is no register");
  }
}
