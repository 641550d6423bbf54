package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.MOV_IMMEDIATE;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.PUSH;

import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * A vector of ones and behind it one of zeros on the stack. What is loaded from in between is a
 * mask of the first lanes of a vector of 256 bits.
 */
final class MaskTable {
  /** Where the zeros begin. */
  static final int ZEROS = Vector.YMM;

  static final int BYTES = 2 * Vector.YMM;

  private MaskTable() {}

  /** Adds code that pushes it. Changes RAX. */
  static void push(Listing code) {
    pushVector(code, 0);
    pushVector(code, -1);
  }

  private static void pushVector(Listing code, int value) {
    code.add(MOV_IMMEDIATE, RAX, value);
    for (int i = 0; i < Vector.YMM / Long.BYTES; i++) {
      code.add(PUSH, RAX);
    }
  }
}
