package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.CacheLine;
import org.xlstm4j.engine.machine.code.KernelCode;

/**
 * The code of {@link KernelCode#rowTiles}: as {@link NeonTiles}, with the whole depth in each pass.
 * Four depths of a row of a are a vector.
 *
 * <pre>
 * V0 to V15    sums                X0  a, this group     X6   depth            X17  groups to come
 * V16 to V23   values of a         X1  b                 X7   what to ask for  X3   b, this depth
 * V24 and V25  vectors of b        X2  out, this group   X16  bytes of a row   X4   depths to come
 *                                  X8 to X15  rows of a
 * </pre>
 */
final class NeonRowTiles {
  private static final int ROWS = TileKernels.ROWS;
  private static final int B_BYTES = TileKernels.COLUMNS * Float.BYTES;
  private static final int PASS_BYTES = 2 * A64Vector.BYTES;
  private static final int TURN_BITS = Integer.numberOfTrailingZeros(KernelCode.ROW_TILE_TURN);
  private static final A64General[] ROW = {X8, X9, X10, X11, X12, X13, X14, X15};

  private final A64Listing code = new A64Listing();

  private NeonRowTiles() {}

  static A64Listing listing() {
    return new NeonRowTiles().make();
  }

  private A64Listing make() {
    ArmFunction function = ArmFunction.withVectors();
    A64Label group = new A64Label("group");
    function.enterArrays(code);
    ArmFunction.splitHalves(code, X17, X6);
    code.add(LSL, X16, X6, 2);
    code.add(ADD, X7, X7, X0);
    code.place(group);
    for (int begin = 0; begin < B_BYTES; begin += PASS_BYTES) {
      pass(begin);
    }
    code.add(ADD_SHIFTED, X0, X0, X16, Integer.numberOfTrailingZeros(ROWS));
    code.add(ADD_NUMBER, X2, X2, ROWS * B_BYTES);
    code.repeat(X17, group);
    function.leave(code);
    return code;
  }

  private void pass(int begin) {
    A64Label loop = new A64Label("turns_" + begin);
    A64Label rest = new A64Label("rest_" + begin);
    A64Label single = new A64Label("single_" + begin);
    A64Label done = new A64Label("done_" + begin);
    for (int row = 0; row < ROWS; row++) {
      code.add(LDP_Q, sum(row, 0), sum(row, 1), X2.memory(row * B_BYTES + begin));
      if (row == 0) {
        code.move(ROW[row], X0);
      } else {
        code.add(ADD, ROW[row], ROW[row - 1], X16);
      }
    }
    code.add(ADD_NUMBER, X3, X1, begin);
    code.add(LSR, X4, X6, TURN_BITS);
    code.add(CBZ, X4, rest);
    code.place(loop);
    if (begin == 0) {
      code.add(PRFM, X7.memory());
      code.add(ADD_NUMBER, X7, X7, CacheLine.BYTES);
    }
    for (int row = 0; row < ROWS; row++) {
      code.add(LDR_Q, v(16 + row), ROW[row].thenAdd(A64Vector.BYTES));
    }
    for (int depth = 0; depth < KernelCode.ROW_TILE_TURN; depth++) {
      multiply(depth);
    }
    code.repeat(X4, loop);
    code.place(rest);
    code.add(UBFX, X4, X6, 0, TURN_BITS);
    code.add(CBZ, X4, done);
    code.place(single);
    for (int row = 0; row < ROWS; row++) {
      code.add(LDR_S, v(16 + row), ROW[row].thenAdd(Float.BYTES));
    }
    multiply(0);
    code.repeat(X4, single);
    code.place(done);
    for (int row = 0; row < ROWS; row++) {
      code.add(STP_Q, sum(row, 0), sum(row, 1), X2.memory(row * B_BYTES + begin));
    }
  }

  /** The products of a depth, whose values of a are in a lane. */
  private void multiply(int lane) {
    code.add(LDP_Q, v(24), v(25), X3.memory());
    code.add(ADD_NUMBER, X3, X3, B_BYTES);
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < 2; i++) {
        code.add(FMLA_ELEMENT, sum(row, i), v(24 + i), v(16 + row).lane(lane));
      }
    }
  }

  private static A64Vector sum(int row, int index) {
    return v(2 * row + index);
  }
}
