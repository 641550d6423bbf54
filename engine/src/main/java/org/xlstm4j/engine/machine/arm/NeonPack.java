package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/** The code of {@link org.xlstm4j.engine.machine.code.KernelCode#pack}. */
final class NeonPack {
  private static final A64General[] ROW = {X8, X9, X10, X11, X12, X13, X14, X15};

  private final A64Listing code = new A64Listing();

  private NeonPack() {}

  static A64Listing listing() {
    return new NeonPack().make();
  }

  private A64Listing make() {
    ArmFunction function = ArmFunction.plain();
    A64Label next = new A64Label("next");
    function.enterArrays(code);
    ArmFunction.splitHalves(code, X3, X6);
    code.add(LSL, X3, X3, 2);
    code.move(ROW[0], X0);
    for (int row = 1; row < TileKernels.ROWS; row++) {
      code.add(ADD, ROW[row], ROW[row - 1], X7);
    }
    code.place(next);
    for (int row = 0; row < TileKernels.ROWS; row++) {
      code.add(LDR_Q, row(row), ROW[row].thenAdd(A64Vector.BYTES));
    }
    for (int first = 0; first < TileKernels.ROWS; first += 4) {
      transpose(first);
    }
    for (int column = 0; column < 4; column++) {
      code.add(STP_Q, row(column), row(4 + column), X1.memory());
      code.add(ADD, X1, X1, X3);
    }
    code.repeat(X6, next);
    function.leave(code);
    return code;
  }

  /** Four vectors of four columns each become four columns. */
  private void transpose(int first) {
    for (int i = 0; i < 2; i++) {
      code.add(ZIP1, mixed(i), row(first + i), row(first + 2 + i));
      code.add(ZIP2, mixed(2 + i), row(first + i), row(first + 2 + i));
    }
    for (int i = 0; i < 4; i += 2) {
      code.add(ZIP1, row(first + i), mixed(i), mixed(i + 1));
      code.add(ZIP2, row(first + i + 1), mixed(i), mixed(i + 1));
    }
  }

  private static A64Vector row(int number) {
    return v(number);
  }

  private static A64Vector mixed(int number) {
    return v(16 + number);
  }
}
