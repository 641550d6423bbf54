package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/** The code of {@link org.xlstm4j.engine.machine.code.KernelCode#columnSplitter}. */
final class NeonColumnSplitter {
  private NeonColumnSplitter() {}

  static A64Listing listing() {
    A64Listing code = new A64Listing();
    ArmFunction function = ArmFunction.plain();
    A64Label next = new A64Label("next");
    function.enter(code);
    code.add(ADD, X0, X0, X1);
    code.place(next);
    code.add(LDP_Q, v(0), v(1), X0.thenAdd(2 * A64Vector.BYTES));
    code.add(LDP_Q, v(2), v(3), X0.thenAdd(2 * A64Vector.BYTES));
    code.add(UZP1, v(4), v(0), v(1));
    code.add(UZP1, v(5), v(2), v(3));
    code.add(UZP2, v(6), v(0), v(1));
    code.add(UZP2, v(7), v(2), v(3));
    code.add(STP_Q, v(4), v(5), X2.thenAdd(2 * A64Vector.BYTES));
    code.add(STP_Q, v(6), v(7), X3.thenAdd(2 * A64Vector.BYTES));
    code.repeat(X4, next);
    function.leave(code);
    return code;
  }
}
