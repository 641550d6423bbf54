package org.xlstm4j.engine.machine.x86;

import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/** Fills the first 128 bits of sixteen vector registers; kernels leave the others zeros. */
public final class SpoilListing {
  private static final int NOBODYS = 0x5a3c7e19;

  private SpoilListing() {}

  /** The code, without arguments. */
  public static Listing listing() {
    Listing code = new Listing();
    KernelFunction function = KernelFunction.saving();
    function.enter(code);
    for (int i = 0; i < 16; i++) {
      code.broadcast(new Vector(i, Vector.XMM), General.RAX, NOBODYS + i);
    }
    function.leave(code);
    return code;
  }
}
