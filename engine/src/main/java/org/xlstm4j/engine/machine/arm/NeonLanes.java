package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/** Code for the lanes of a vector, and names of registers. */
final class NeonLanes {
  private NeonLanes() {}

  /** A vector register. */
  static A64Vector v(int number) {
    return new A64Vector(number);
  }

  /** Leaves the sum of the lanes in the lowest one and zeros in the others. */
  static void sum(A64Listing code, A64Vector vector) {
    code.add(FADDP, vector, vector, vector);
    code.add(FADDP_S, vector, vector);
  }
}
