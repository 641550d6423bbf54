package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * Products with block-diagonal weights, as {@link org.xlstm4j.engine.kernels.BlockKernels} defines
 * them. Operands: the weights of input 0 at the first output, the first input, the first output.
 * The count is the number of outputs.
 */
final class NeonBlocks {
  /** Vectors of outputs whose sums are in registers together. */
  private static final int TOGETHER = 16;

  private final A64Listing code = new A64Listing();

  private NeonBlocks() {}

  /**
   * Blocks of four, a vector each. The parameter is the bytes from one input's weights to the next.
   */
  static A64Listing fours() {
    return new NeonBlocks().makeFours();
  }

  /**
   * Outputs of one block, whole vectors. The parameter's upper half is the number of inputs, its
   * lower half the floats from one input's weights to the next.
   *
   * <pre>
   * X0  weights, these outputs   X6  outputs to come    X10  weights, this input
   * X1  inputs                   X9  inputs             X11  this input
   * X2  outputs                  X7  bytes between      X12  inputs to come
   *                                  inputs' weights
   * </pre>
   */
  static A64Listing wide() {
    return new NeonBlocks().makeWide();
  }

  private A64Listing makeFours() {
    ArmFunction function = ArmFunction.plain();
    A64Label next = new A64Label("next");
    A64Vector inputs = v(0);
    A64Vector sum = v(1);
    function.enterArrays(code);
    code.add(ADD, X8, X0, X7);
    code.add(ADD, X9, X8, X7);
    code.add(ADD, X10, X9, X7);
    code.place(next);
    code.add(LDR_Q, inputs, X1.thenAdd(A64Vector.BYTES));
    A64General[] weights = {X0, X8, X9, X10};
    for (int input = 0; input < weights.length; input++) {
      A64Vector weight = v(2 + input);
      code.add(LDR_Q, weight, weights[input].thenAdd(A64Vector.BYTES));
      code.add(input == 0 ? FMUL_ELEMENT : FMLA_ELEMENT, sum, weight, inputs.lane(input));
    }
    code.add(STR_Q, sum, X2.thenAdd(A64Vector.BYTES));
    code.add(SUBS_NUMBER, X6, X6, A64Vector.LANES);
    code.add(B_NE, next);
    function.leave(code);
    return code;
  }

  private A64Listing makeWide() {
    ArmFunction function = ArmFunction.withVectors();
    function.enterArrays(code);
    ArmFunction.splitHalves(code, X9, X7);
    code.add(LSL, X7, X7, 2);
    outputs(TOGETHER);
    outputs(1);
    function.leave(code);
    return code;
  }

  /** All outputs that are left, so many vectors at a time. */
  private void outputs(int vectors) {
    A64Label next = new A64Label("next_" + vectors);
    A64Label inputs = new A64Label("inputs_" + vectors);
    A64Label done = new A64Label("done_" + vectors);
    A64Vector input = v(16);
    code.place(next);
    code.add(CMP_NUMBER, XZR, X6, vectors * A64Vector.LANES);
    code.add(B_LO, done);
    for (int i = 0; i < vectors; i++) {
      code.clear(v(i));
    }
    code.move(X10, X0);
    code.move(X11, X1);
    code.move(X12, X9);
    code.place(inputs);
    code.add(LDR_S, input, X11.thenAdd(Float.BYTES));
    for (int i = 0; i < vectors; i++) {
      A64Vector weight = v(17 + i % 8);
      code.add(LDR_Q, weight, X10.memory(i * A64Vector.BYTES));
      code.add(FMLA_ELEMENT, v(i), weight, input.lane(0));
    }
    code.add(ADD, X10, X10, X7);
    code.repeat(X12, inputs);
    for (int i = 0; i < vectors; i++) {
      code.add(STR_Q, v(i), X2.thenAdd(A64Vector.BYTES));
    }
    code.add(ADD_NUMBER, X0, X0, vectors * A64Vector.BYTES);
    code.add(SUB_NUMBER, X6, X6, vectors * A64Vector.LANES);
    code.add(B, next);
    code.place(done);
  }
}
