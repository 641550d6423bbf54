package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.Bfloat16;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * The sLSTM's recurrent products of some panels, as {@link SlstmKernels} defines them. Operands:
 * the weights at the first of the panels, y, the sums of the first of the panels. The count is the
 * number of inputs, the parameter that of panels.
 *
 * <p>All sums of a panel stay in registers while its inputs are walked. Each is added in the order
 * of the inputs.
 *
 * <pre>
 * V0 to V15    sums               X0  weights, this input   X6  inputs
 * V16          an input           X1  y                     X7  panels to come
 * V20 to V23   weights            X2  sums                  X8  y, this input
 * V24          upper halves                                 X9  inputs to come
 * </pre>
 */
final class NeonRecurrent {
  private static final int VECTORS = SlstmKernels.PANEL / A64Vector.LANES;
  private static final int PAIR_BYTES = 2 * A64Vector.BYTES;

  /** Lanes of weights that are stored together with those of the next so many outputs. */
  private static final int PAIRED = 16;

  private final A64Listing code = new A64Listing();
  private final boolean halves;
  private final A64Vector input = v(16);
  private final A64Vector upper = v(24);

  private NeonRecurrent(boolean halves) {
    this.halves = halves;
  }

  /** Of weights of 32 bits, or in bfloat16. */
  static A64Listing of(boolean halves) {
    return new NeonRecurrent(halves).listing();
  }

  private A64Listing listing() {
    ArmFunction function = ArmFunction.withVectors();
    A64Label panel = new A64Label("panel");
    A64Label inputs = new A64Label("inputs");
    A64Label done = new A64Label("done");
    function.enterArrays(code);
    if (halves) {
      code.broadcast(upper, X8, Bfloat16.HIGH_HALF);
    }
    code.add(CBZ, X7, done);
    code.place(panel);
    for (int i = 0; i < VECTORS; i++) {
      code.clear(v(i));
    }
    code.move(X8, X1);
    code.move(X9, X6);
    code.place(inputs);
    code.add(LDR_S, input, X8.thenAdd(Float.BYTES));
    if (halves) {
      addHalves();
    } else {
      addFloats();
    }
    code.repeat(X9, inputs);
    for (int i = 0; i < VECTORS; i += 2) {
      code.add(STP_Q, v(i), v(i + 1), X2.thenAdd(PAIR_BYTES));
    }
    code.repeat(X7, panel);
    code.place(done);
    function.leave(code);
    return code;
  }

  private void addFloats() {
    for (int i = 0; i < VECTORS; i += 2) {
      A64Vector first = v(20 + i % 4);
      A64Vector second = v(21 + i % 4);
      code.add(LDP_Q, first, second, X0.thenAdd(PAIR_BYTES));
      code.add(FMLA_ELEMENT, v(i), first, input.lane(0));
      code.add(FMLA_ELEMENT, v(i + 1), second, input.lane(0));
    }
  }

  private void addHalves() {
    for (int pair = 0; pair < SlstmKernels.PANEL / 2; pair += 2 * A64Vector.LANES) {
      int output = (pair / PAIRED * 2 * PAIRED + pair % PAIRED) / A64Vector.LANES;
      code.add(LDP_Q, v(20), v(21), X0.thenAdd(PAIR_BYTES));
      for (int i = 0; i < 2; i++) {
        A64Vector pairs = v(20 + i);
        A64Vector lower = v(22 + i);
        code.add(SHL, lower, pairs, Short.SIZE);
        code.add(AND_LANES, pairs, pairs, upper);
        code.add(FMLA_ELEMENT, v(output + i), lower, input.lane(0));
        code.add(FMLA_ELEMENT, v(output + PAIRED / A64Vector.LANES + i), pairs, input.lane(0));
      }
    }
  }
}
