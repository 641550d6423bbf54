package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * Turns 16-bit weights into floats, a vector of eight at a time and the last ones each by itself.
 * Operands: the weights, the floats; the count is how many.
 */
final class NeonWiden {
  private static final int LANES = A64Vector.BYTES / Short.BYTES;

  private NeonWiden() {}

  static A64Listing listing(boolean isBf16) {
    A64Listing code = new A64Listing();
    ArmFunction function = ArmFunction.plain();
    A64Label vector = new A64Label("vector");
    A64Label rest = new A64Label("rest");
    A64Label single = new A64Label("single");
    A64Label done = new A64Label("done");
    int bits = Integer.numberOfTrailingZeros(LANES);
    function.enterArrays(code);
    code.add(LSR, X8, X6, bits);
    code.add(CBZ, X8, rest);
    code.place(vector);
    code.add(LDR_Q, v(0), X0.thenAdd(A64Vector.BYTES));
    code.add(isBf16 ? SHLL : FCVTL, v(1), v(0));
    code.add(isBf16 ? SHLL2 : FCVTL2, v(2), v(0));
    code.add(STP_Q, v(1), v(2), X1.thenAdd(2 * A64Vector.BYTES));
    code.repeat(X8, vector);
    code.place(rest);
    code.add(UBFX, X8, X6, 0, bits);
    code.add(CBZ, X8, done);
    code.place(single);
    code.add(LDR_H, v(0), X0.thenAdd(Short.BYTES));
    if (isBf16) {
      code.add(SHLL, v(0), v(0));
    } else {
      code.add(FCVT_S_H, v(0), v(0));
    }
    code.add(STR_S, v(0), X1.thenAdd(Float.BYTES));
    code.repeat(X8, single);
    code.place(done);
    function.leave(code);
    return code;
  }
}
