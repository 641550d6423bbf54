package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.KernelCode;

/**
 * Steps of the mLSTM's normalizers: for each head and token {@code k = input k}, {@code n = forget
 * n + k}, and the sum of {@code q n}. Operands: keys, queries, and gates with the normalizers
 * behind them. The count's lower half is the width, its upper half the number of heads; the
 * parameter is the number of tokens.
 *
 * <pre>
 * V0  the sum    V3  n          X0  keys of this step      X6   the width
 * V1  k          V4  input      X1  queries of this step   X9   heads to come
 * V2  q          V5  forget     X3  gates of this step     X10  tokens to come
 * V6  k's part                  X2  n of this head         X11  n in a walk
 * </pre>
 */
final class NeonNormalizer {
  private static final int SUM = 2 * Float.BYTES;

  private NeonNormalizer() {}

  static A64Listing listing() {
    A64Vector sum = v(0);
    A64Vector key = v(1);
    A64Vector query = v(2);
    A64Vector normalizer = v(3);
    A64Vector input = v(4);
    A64Vector forget = v(5);
    A64Vector part = v(6);
    A64Listing code = new A64Listing();
    ArmFunction function = ArmFunction.plain();
    A64Label head = new A64Label("head");
    A64Label token = new A64Label("token");
    function.enterArrays(code);
    ArmFunction.splitHalves(code, X9, X6);
    code.move(X3, X2);
    code.add(MADD, X12, X9, X7, XZR);
    int stepBits = Integer.numberOfTrailingZeros(KernelCode.NORMALIZER_STEP_BYTES);
    code.add(ADD_SHIFTED, X2, X2, X12, stepBits);
    code.place(head);
    code.move(X10, X7);
    code.place(token);
    code.add(LDR_S, input, X3.memory());
    code.add(LDR_S, forget, X3.memory(Float.BYTES));
    code.clear(sum);
    code.move(X11, X2);
    NeonLoop loop = new NeonLoop(code, X6, X0, X1, X11);
    loop.forEach(
        "elements",
        () -> {
          loop.load(key, X0);
          loop.load(query, X1);
          loop.load(normalizer, X11);
          code.add(FMUL_ELEMENT, key, key, input.lane(0));
          code.move(part, key);
          code.add(FMLA_ELEMENT, part, normalizer, forget.lane(0));
          code.add(FMLA, sum, query, part);
          loop.store(X0, key);
          loop.store(X11, part);
        });
    NeonLanes.sum(code, sum);
    code.add(STR_S, sum, X3.memory(SUM));
    code.add(ADD_NUMBER, X3, X3, KernelCode.NORMALIZER_STEP_BYTES);
    code.repeat(X10, token);
    code.add(ADD_SHIFTED, X2, X2, X6, 2);
    code.repeat(X9, head);
    function.leave(code);
    return code;
  }
}
