package org.xlstm4j.engine.machine.arm;

import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/** Fills all vector registers, but the halves that belong to the caller. */
public final class A64SpoilListing {
  private static final int NOBODYS = 0x5a3c7e19;

  private A64SpoilListing() {}

  /** The code, without arguments. */
  public static A64Listing listing() {
    A64Listing code = new A64Listing();
    ArmFunction function = ArmFunction.withVectors();
    function.enter(code);
    for (int i = 0; i < A64Vector.COUNT; i++) {
      code.broadcast(new A64Vector(i), A64General.X8, NOBODYS + i);
    }
    function.leave(code);
    return code;
  }
}
