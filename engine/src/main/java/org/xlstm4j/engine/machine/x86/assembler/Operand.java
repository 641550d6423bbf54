package org.xlstm4j.engine.machine.x86.assembler;

/** What an instruction works on. Its text is that of the assembler language of Intel's manual. */
public sealed interface Operand permits General, Vector, Mask, Tile, Memory, Immediate, Label {
  /** The number of a register. */
  default int number() {
    throw new IllegalArgumentException(this + " is no register");
  }
}
