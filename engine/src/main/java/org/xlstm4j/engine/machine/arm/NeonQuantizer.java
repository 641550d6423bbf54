package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.ActivationBlock;

/**
 * The code of {@link org.xlstm4j.engine.machine.code.KernelCode#activationQuantizer}. Magnitudes
 * are compared as integers: the order is the same, and a NaN is the largest.
 *
 * <pre>
 * V0 to V7  values, then integers    V18  scratch, the sum       X0  values     X9   smallest
 * V16       largest, the scale       V19  127 as a float         X2  block           magnitude
 * V17       the factor               V20  a quarter              X3  blocks     X10  infinity
 * </pre>
 */
final class NeonQuantizer {
  private static final int VECTORS = PanelKernels.COLUMNS / A64Vector.LANES;

  private final A64Listing code = new A64Listing();
  private final A64Vector largest = v(16);
  private final A64Vector factor = v(17);
  private final A64Vector scratch = v(18);
  private final A64Vector limit = v(19);
  private final A64Vector quarter = v(20);

  private NeonQuantizer() {}

  static A64Listing listing() {
    return new NeonQuantizer().make();
  }

  private A64Listing make() {
    ArmFunction function = ArmFunction.plain();
    A64Label next = new A64Label("next_block");
    function.enter(code);
    code.add(ADD, X0, X0, X1);
    code.broadcast(limit, X9, Float.floatToRawIntBits(PanelKernels.MAX_ACTIVATION));
    code.broadcast(quarter, X9, Float.floatToRawIntBits(PanelKernels.QUARTER));
    code.set(X9, Float.floatToRawIntBits(PanelKernels.SMALLEST_ACTIVATION));
    code.set(X10, Float.floatToRawIntBits(Float.POSITIVE_INFINITY));
    code.place(next);
    for (int i = 0; i < VECTORS; i += 2) {
      code.add(LDP_Q, v(i), v(i + 1), X0.memory(i * A64Vector.BYTES));
    }
    findLargest();
    scale();
    for (int i = 0; i < VECTORS; i++) {
      code.add(FMUL_ELEMENT, v(i), v(i), factor.lane(0));
      code.add(FCVTNS, v(i), v(i));
    }
    storeSums();
    storeValues();
    code.add(ADD_NUMBER, X0, X0, PanelKernels.COLUMNS * Float.BYTES);
    code.add(ADD, X2, X2, X4);
    code.repeat(X3, next);
    function.leave(code);
    return code;
  }

  private void findLargest() {
    code.add(FABS, largest, v(0));
    for (int i = 1; i < VECTORS; i++) {
      code.add(FABS, scratch, v(i));
      code.add(SMAX, largest, largest, scratch);
    }
    code.add(SMAXV, largest, largest);
  }

  /**
   * {@code scale = largest / 127} and {@code factor = 127 / largest}. Hardly anything becomes zeros
   * with a scale of zero, a NaN or an infinity zeros with a scale of NaN.
   */
  private void scale() {
    A64Label notFinite = new A64Label("not_finite");
    A64Label zeros = new A64Label("zeros");
    A64Label scaled = new A64Label("scaled");
    code.add(FMOV_TO_W, X8, largest);
    code.add(CMP, XZR, X8, X9);
    code.add(B_LO, zeros);
    code.add(CMP, XZR, X8, X10);
    code.add(B_HS, notFinite);
    code.add(FDIV_S, factor, limit, largest);
    code.add(FDIV_S, largest, largest, limit);
    code.add(B, scaled);
    code.place(notFinite);
    for (int i = 0; i < VECTORS; i++) {
      code.clear(v(i));
    }
    code.clear(factor);
    code.broadcast(largest, X8, Float.floatToRawIntBits(Float.NaN));
    code.add(B, scaled);
    code.place(zeros);
    code.clear(factor);
    code.clear(largest);
    code.place(scaled);
    code.add(STR_S, largest, X2.memory(ActivationBlock.SCALE));
    code.add(FMUL_S, largest, largest, quarter);
    code.add(STR_S, largest, X2.memory(ActivationBlock.QUARTER_SCALE));
  }

  private void storeSums() {
    code.add(ADD_LANES, scratch, v(0), v(1));
    for (int i = 2; i < VECTORS; i++) {
      code.add(ADD_LANES, scratch, scratch, v(i));
    }
    code.add(ADDV, scratch, scratch);
    code.add(NEG_LANES, scratch, scratch);
    code.add(STR_S, scratch, X2.memory(ActivationBlock.NEGATIVE_SUM));
    code.add(SHL, scratch, scratch, 7);
    code.add(STR_S, scratch, X2.memory(ActivationBlock.UNSIGNED_CORRECTION));
  }

  private void storeValues() {
    for (int i = 0; i < VECTORS; i += 2) {
      code.add(SQXTN, v(i), v(i));
      code.add(SQXTN2, v(i), v(i + 1));
    }
    for (int i = 0; i < VECTORS; i += 4) {
      code.add(SQXTN_B, v(i), v(i));
      code.add(SQXTN2_B, v(i), v(i + 2));
    }
    code.add(STP_Q, v(0), v(4), X2.memory());
  }
}
