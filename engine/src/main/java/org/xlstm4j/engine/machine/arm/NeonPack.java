package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.KernelCode;

/**
 * The code of {@link org.xlstm4j.engine.machine.code.KernelCode#pack} and {@link
 * org.xlstm4j.engine.machine.code.KernelCode#packPanel}: eight rows, four columns at a time.
 *
 * <pre>
 * X0  first row                  X3  bytes from column to column     X8 to X15  rows
 * X1  first column, the panel    X4  columns of the panel            X16, X17   turns of a block
 * X6  turns to come              X5  groups of rows to come
 * X7  bytes from row to row      X2  the next group's rows
 * </pre>
 */
final class NeonPack {
  private static final int PANEL_BYTES = TileKernels.COLUMNS * Float.BYTES;
  private static final int ROWS_BYTES = TileKernels.ROWS * Float.BYTES;

  /** Columns of a turn. */
  private static final int TURN = KernelCode.PACKED_COLUMNS;

  /**
   * Turns of a block of a panel, whose lines are in the first-level cache until all rows are
   * written.
   */
  private static final int BLOCK = 16;

  private static final A64General[] ROW = {X8, X9, X10, X11, X12, X13, X14, X15};

  private final A64Listing code = new A64Listing();

  private NeonPack() {}

  /** Eight rows. */
  static A64Listing rows() {
    return new NeonPack().makeRows();
  }

  /** A panel. */
  static A64Listing panel() {
    return new NeonPack().makePanel();
  }

  private A64Listing makeRows() {
    ArmFunction function = ArmFunction.plain();
    function.enterArrays(code);
    ArmFunction.splitHalves(code, X3, X6);
    code.add(LSL, X3, X3, 2);
    code.move(X2, X0);
    turns(X1, X6);
    function.leave(code);
    return code;
  }

  private A64Listing makePanel() {
    ArmFunction function = ArmFunction.plain();
    A64Label block = new A64Label("block");
    A64Label group = new A64Label("group");
    function.enterArrays(code);
    code.set(X3, PANEL_BYTES);
    code.place(block);
    code.setAtMost(X17, X6, BLOCK);
    code.add(SUB, X6, X6, X17);
    code.move(X2, X0);
    code.set(X5, PANEL_BYTES / ROWS_BYTES);
    code.place(group);
    code.move(X4, X1);
    code.move(X16, X17);
    turns(X4, X16);
    code.add(ADD_NUMBER, X1, X1, ROWS_BYTES);
    code.repeat(X5, group);
    code.add(ADD_NUMBER, X0, X0, BLOCK * TURN * Float.BYTES);
    code.add(SUB_NUMBER, X1, X1, PANEL_BYTES);
    code.add(ADD_NUMBER, X1, X1, BLOCK * TURN * PANEL_BYTES);
    code.add(CBNZ, X6, block);
    function.leave(code);
    return code;
  }

  /** Packs the eight rows from X2 on, which moves on to the next; counts down. */
  private void turns(A64General to, A64General count) {
    A64Label next = new A64Label("next");
    for (A64General row : ROW) {
      code.move(row, X2);
      code.add(ADD, X2, X2, X7);
    }
    code.place(next);
    for (int row = 0; row < TileKernels.ROWS; row++) {
      code.add(LDR_Q, row(row), ROW[row].thenAdd(A64Vector.BYTES));
    }
    for (int first = 0; first < TileKernels.ROWS; first += 4) {
      transpose(first);
    }
    for (int column = 0; column < TURN; column++) {
      code.add(STP_Q, row(column), row(4 + column), to.memory());
      code.add(ADD, to, to, X3);
    }
    code.repeat(count, next);
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
