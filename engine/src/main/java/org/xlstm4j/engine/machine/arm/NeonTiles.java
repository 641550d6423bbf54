package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * The code of {@link org.xlstm4j.engine.machine.code.KernelCode#tiles}. The depth is walked over in
 * pieces, so that a piece of b stays in the first-level cache while all groups meet it.
 *
 * <p>The 64 vectors of a tile's sums take four passes over the piece, of eight rows and two vectors
 * each: 16 sums in registers, and at each depth two vectors of b and the eight values of a, which
 * are the lanes of two vectors: 16 multiplications and 2 loads of pairs. If the count's sign is
 * set, sums do not start at what out holds, but all rows at the row that lies behind b.
 *
 * <pre>
 * V0 to V15    sums             X0  a, this group     X6   depth to come     X11  a, this depth
 * V16 to V19   values of a      X1  b, this piece     X9   groups            X12  b, this depth
 * V20 to V23   vectors of b     X2  out, this group   X10  bytes between     X13  depths to come
 *                               X7  bytes of a row         groups of a       X14  groups to come
 *                                   of out            X8   depth of a piece  X15  a row of out
 * X5           the row that sums start at, 0 where they start at out
 * </pre>
 */
final class NeonTiles {
  private static final int ROWS = TileKernels.ROWS;
  private static final int A_BYTES = ROWS * Float.BYTES;
  private static final int B_BYTES = TileKernels.COLUMNS * Float.BYTES;

  /** Vectors of b, and of a row's sums, in a pass. */
  private static final int WIDTH = 2;

  private static final int PASS_BYTES = WIDTH * A64Vector.BYTES;

  /** Depths of a piece: 32 KB of b. */
  private static final int PIECE = 256;

  private final A64Listing code = new A64Listing();

  private NeonTiles() {}

  static A64Listing listing() {
    return new NeonTiles().make();
  }

  private A64Listing make() {
    ArmFunction function = ArmFunction.withVectors();
    A64Label pieces = new A64Label("pieces");
    A64Label group = new A64Label("group");
    function.enterArrays(code);
    code.add(LSR, X5, X6, Long.SIZE - 1);
    code.add(LSL, X6, X6, 1);
    code.add(LSR, X6, X6, 1);
    ArmFunction.splitHalves(code, X9, X6);
    ArmFunction.splitHalves(code, X10, X7);
    code.add(LSL, X7, X7, 2);
    code.add(LSL, X10, X10, 2);
    code.add(CBZ, X5, pieces);
    code.add(ADD_SHIFTED, X5, X1, X6, Integer.numberOfTrailingZeros(B_BYTES));
    code.place(pieces);
    code.setAtMost(X8, X6, PIECE);
    code.move(X3, X0);
    code.move(X4, X2);
    code.move(X14, X9);
    code.place(group);
    for (int begin = 0; begin < B_BYTES; begin += PASS_BYTES) {
      pass(begin);
    }
    code.add(ADD, X0, X0, X10);
    code.add(ADD_SHIFTED, X2, X2, X7, Integer.numberOfTrailingZeros(ROWS));
    code.repeat(X14, group);
    // the next piece of a and b, for the first group again
    code.add(ADD_NUMBER, X0, X3, PIECE * A_BYTES);
    code.move(X2, X4);
    code.add(ADD_NUMBER, X1, X1, PIECE * B_BYTES);
    code.set(X5, 0);
    code.add(SUB, X6, X6, X8);
    code.add(CBNZ, X6, pieces);
    function.leave(code);
    return code;
  }

  /** All products of a piece for two vectors of all rows. */
  private void pass(int begin) {
    A64Label loop = new A64Label("depths_" + begin);
    start(begin);
    code.move(X11, X0);
    code.add(ADD_NUMBER, X12, X1, begin);
    code.move(X13, X8);
    code.place(loop);
    code.add(LDP_Q, v(16), v(17), X11.thenAdd(A_BYTES));
    code.add(LDP_Q, v(20), v(21), X12.memory());
    code.add(ADD_NUMBER, X12, X12, B_BYTES);
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < WIDTH; i++) {
        code.add(
            FMLA_ELEMENT,
            sum(row, i),
            v(20 + i),
            v(16 + row / A64Vector.LANES).lane(row % A64Vector.LANES));
      }
    }
    code.repeat(X13, loop);
    code.add(ADD_NUMBER, X15, X2, begin);
    for (int row = 0; row < ROWS; row++) {
      code.add(STP_Q, sum(row, 0), sum(row, 1), X15.memory());
      code.add(ADD, X15, X15, X7);
    }
  }

  private void start(int begin) {
    A64Label fromOut = new A64Label("from_out_" + begin);
    A64Label started = new A64Label("started_" + begin);
    code.add(CBZ, X5, fromOut);
    code.add(ADD_NUMBER, X15, X5, begin);
    for (int row = 0; row < ROWS; row++) {
      code.add(LDP_Q, sum(row, 0), sum(row, 1), X15.memory());
    }
    code.add(B, started);
    code.place(fromOut);
    code.add(ADD_NUMBER, X15, X2, begin);
    for (int row = 0; row < ROWS; row++) {
      code.add(LDP_Q, sum(row, 0), sum(row, 1), X15.memory());
      code.add(ADD, X15, X15, X7);
    }
    code.place(started);
  }

  private static A64Vector sum(int row, int index) {
    return v(WIDTH * row + index);
  }
}
