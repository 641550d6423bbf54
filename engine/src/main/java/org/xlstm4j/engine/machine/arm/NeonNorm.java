package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * Norms over groups of columns, three walks over each group: the mean, the mean square of what
 * differs from it, the result. Operands: x, gain, y. The count's lower half is a group's width, its
 * upper half the number of groups; the parameter's lower half is epsilon, its upper half one over
 * the width.
 *
 * <pre>
 * V0  a sum     V16  the mean      X0  x, this group      X9   x in a walk
 * V1  x         V17  the scale     X1  gain, this group   X6   the width
 * V2  gain      V18  epsilon       X2  y, this group      X10  groups to come
 *               V19  1 / width
 * </pre>
 */
final class NeonNorm {
  private final A64Listing code = new A64Listing();
  private final A64Vector sum = v(0);
  private final A64Vector value = v(1);
  private final A64Vector gain = v(2);
  private final A64Vector mean = v(16);
  private final A64Vector scale = v(17);
  private final A64Vector epsilon = v(18);
  private final A64Vector inverseWidth = v(19);

  private NeonNorm() {}

  /** With the groups' means or with a mean of 0. */
  static A64Listing of(boolean centered) {
    return new NeonNorm().listing(centered);
  }

  private A64Listing listing(boolean centered) {
    ArmFunction function = ArmFunction.plain();
    A64Label group = new A64Label("group");
    function.enterArrays(code);
    ArmFunction.splitHalves(code, X10, X6);
    code.add(DUP_GENERAL, epsilon, X7);
    code.add(LSR, X7, X7, Integer.SIZE);
    code.add(DUP_GENERAL, inverseWidth, X7);
    code.place(group);
    code.clear(mean);
    if (centered) {
      mean();
    }
    scale();
    result();
    code.repeat(X10, group);
    function.leave(code);
    return code;
  }

  private void mean() {
    NeonLoop loop = walk();
    loop.forEach(
        "mean",
        () -> {
          loop.load(value, X9);
          code.add(FADD, sum, sum, value);
        });
    NeonLanes.sum(code, sum);
    code.add(FMUL_S, sum, sum, inverseWidth);
    code.add(DUP, mean, sum.lane(0));
  }

  private void scale() {
    NeonLoop loop = walk();
    loop.forEach(
        "squares",
        () -> {
          loop.load(value, X9);
          code.add(FSUB, value, value, mean);
          loop.clearRest(value);
          code.add(FMLA, sum, value, value);
        });
    NeonLanes.sum(code, sum);
    code.add(FMUL_S, sum, sum, inverseWidth);
    code.add(FADD_S, sum, sum, epsilon);
    code.add(FSQRT_S, sum, sum);
    code.broadcast(value, X9, Float.floatToRawIntBits(1));
    code.add(FDIV_S, value, value, sum);
    code.add(DUP, scale, value.lane(0));
  }

  private void result() {
    NeonLoop loop = new NeonLoop(code, X6, X0, X1, X2);
    loop.forEach(
        "result",
        () -> {
          loop.load(value, X0);
          loop.load(gain, X1);
          code.add(FSUB, value, value, mean);
          code.add(FMUL, value, value, scale);
          code.add(FMUL, value, value, gain);
          loop.store(X2, value);
        });
  }

  /** A walk over the group, the sum empty. */
  private NeonLoop walk() {
    code.move(X9, X0);
    code.clear(sum);
    return new NeonLoop(code, X6, X9);
  }
}
