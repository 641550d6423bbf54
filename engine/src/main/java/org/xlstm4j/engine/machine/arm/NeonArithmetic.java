package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Operation;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/** Sums and products of arrays, element by element. */
final class NeonArithmetic {
  private final A64Listing code = new A64Listing();
  private final ArmFunction function = ArmFunction.plain();
  private final A64Vector first = v(0);
  private final A64Vector second = v(1);
  private final A64Vector third = v(2);

  private NeonArithmetic() {
    function.enterArrays(code);
  }

  /** {@code y = y * x} or {@code y = y + x}: operands x, y. */
  static A64Listing pairs(A64Operation operation) {
    NeonArithmetic listing = new NeonArithmetic();
    return listing.makePairs(operation);
  }

  private A64Listing makePairs(A64Operation operation) {
    NeonLoop loop = new NeonLoop(code, X6, X0, X1);
    loop.forEach(
        "elements",
        () -> {
          loop.load(first, X0);
          loop.load(second, X1);
          code.add(operation, second, second, first);
          loop.store(X1, second);
        });
    function.leave(code);
    return code;
  }

  /** {@code x = parameter * x}: operand x. */
  static A64Listing scale() {
    NeonArithmetic listing = new NeonArithmetic();
    return listing.makeScale();
  }

  private A64Listing makeScale() {
    code.add(DUP_GENERAL, third, X7);
    NeonLoop loop = new NeonLoop(code, X6, X0);
    loop.forEach(
        "elements",
        () -> {
          loop.load(first, X0);
          code.add(FMUL, first, first, third);
          loop.store(X0, first);
        });
    function.leave(code);
    return code;
  }

  /**
   * {@code y = y + w * x}, elementwise, for some rows of w and x one after the other. Operands: w,
   * x, y. The parameter's lower half is the distance of rows in floats, its upper half how many
   * there are, at least 1.
   */
  static A64Listing addProducts() {
    NeonArithmetic listing = new NeonArithmetic();
    return listing.makeAddProducts();
  }

  private A64Listing makeAddProducts() {
    ArmFunction.splitHalves(code, X9, X7);
    code.add(LSL, X7, X7, 2);
    NeonLoop columns = new NeonLoop(code, X6, X0, X1, X2);
    columns.forEach(
        "columns",
        () -> {
          A64Label row = new A64Label("row");
          columns.load(third, X2);
          code.move(X10, X0);
          code.move(X11, X1);
          code.move(X12, X9);
          code.place(row);
          columns.load(first, X10);
          columns.load(second, X11);
          code.add(FMLA, third, first, second);
          code.add(ADD, X10, X10, X7);
          code.add(ADD, X11, X11, X7);
          code.repeat(X12, row);
          columns.store(X2, third);
        });
    function.leave(code);
    return code;
  }
}
