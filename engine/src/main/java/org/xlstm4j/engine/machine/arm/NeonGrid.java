package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * The code of {@link org.xlstm4j.engine.machine.code.KernelCode#grid}. Lanes are channels; weights
 * and three tokens stay in registers, so each token is loaded once.
 */
final class NeonGrid {
  private final A64Listing code = new A64Listing();
  private final A64Vector before = v(0);
  private final A64Vector here = v(1);
  private final A64Vector next = v(2);
  private final A64Vector sum = v(3);
  private final A64Vector[] weights = {v(4), v(5), v(6)};
  private final NeonLoop channels = new NeonLoop(code, X6, X0, X1, X9, X10, X2);

  private NeonGrid() {}

  static A64Listing listing() {
    return new NeonGrid().make();
  }

  private A64Listing make() {
    ArmFunction function = ArmFunction.plain();
    function.enterArrays(code);
    ArmFunction.splitHalves(code, X11, X6);
    ArmFunction.splitHalves(code, X8, X7);
    code.add(LSL, X7, X7, 2);
    code.add(LSL, X8, X8, 2);
    code.add(ADD_SHIFTED, X9, X1, X6, 2);
    code.add(ADD_SHIFTED, X10, X9, X6, 2);
    channels.forEach("channels", this::row);
    function.leave(code);
    return code;
  }

  /** Some channels of all tokens: x in X12, y in X13, tokens left in X14. */
  private void row() {
    A64Label token = new A64Label("token");
    A64Label last = new A64Label("last");
    channels.load(weights[0], X1);
    channels.load(weights[1], X9);
    channels.load(weights[2], X10);
    code.clear(before);
    channels.load(here, X0);
    code.move(X12, X0);
    code.move(X13, X2);
    code.add(SUB_NUMBER, X14, X11, 1);
    code.add(CBZ, X14, last);
    code.place(token);
    code.add(ADD, X12, X12, X7);
    channels.load(next, X12);
    addTwo();
    code.add(FMLA, sum, next, weights[2]);
    channels.store(X13, sum);
    code.move(before, here);
    code.move(here, next);
    code.add(ADD, X13, X13, X8);
    code.repeat(X14, token);
    code.place(last);
    addTwo();
    channels.store(X13, sum);
  }

  private void addTwo() {
    channels.load(sum, X13);
    code.add(FMLA, sum, before, weights[0]);
    code.add(FMLA, sum, here, weights[1]);
  }
}
