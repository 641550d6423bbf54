package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/** Code for the sum of a vector's lanes. */
final class LaneSum {
  private LaneSum() {}

  /** Leaves the sum in the lowest lane; {@code scratch} changes. */
  static void add(Listing code, Vector sum, Vector scratch) {
    if (sum.bytes() == Vector.ZMM) {
      code.add(VEXTRACTF64X4, scratch.as(Vector.YMM), sum, 1);
      addLanes(code, sum, scratch, Vector.YMM);
    }
    code.add(VEXTRACTF128, scratch.as(Vector.XMM), sum.as(Vector.YMM), 1);
    addLanes(code, sum, scratch, Vector.XMM);
    Vector low = sum.as(Vector.XMM);
    code.add(VMOVHLPS, scratch.as(Vector.XMM), low, low);
    addLanes(code, sum, scratch, Vector.XMM);
    code.add(VMOVSHDUP, scratch.as(Vector.XMM), low);
    code.add(VADDSS, low, low, scratch.as(Vector.XMM));
  }

  private static void addLanes(Listing code, Vector sum, Vector scratch, int bytes) {
    code.add(VADDPS, sum.as(bytes), sum.as(bytes), scratch.as(bytes));
  }
}
