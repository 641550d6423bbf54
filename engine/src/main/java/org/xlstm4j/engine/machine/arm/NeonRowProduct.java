package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.Bfloat16;
import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.machine.code.TokenRows;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * Product of row-major weights with one to four tokens, as {@link
 * org.xlstm4j.engine.machine.code.KernelCode#product} says.
 *
 * <p>Several rows are walked over side by side, eight columns of each at a time, which become two
 * vectors of floats. Each row has two vectors of sums for each token, whatever the number of rows
 * and tokens, so that a row's result does not depend on what it is multiplied together with. A
 * vector of BF16 has the even columns in the lower halves of its lanes and the odd ones in the
 * upper halves. The columns behind the last eight are added one by one.
 *
 * <p>Sums come first, then the tokens' values of eight columns, then two vectors of weights.
 *
 * <pre>
 * X0   weights, first row    X4  rows                  X8 to X17  rows, then tokens' values, then,
 * X1   values                X5  rows of a stream                 for BF16, those at odd columns
 * X2   results, first row    X6  columns to come       X19  bytes of a row
 * X3   columns               X7  turns to come         X20  bytes between two tokens' values
 *                                                      X21  bytes between streams, X22 of results
 * </pre>
 */
final class NeonRowProduct {
  private static final int STEP_BITS = 3;

  /** Steps of a turn. */
  private static final int TURN = 2;

  private static final A64General[] POINTERS = {X8, X9, X10, X11, X12, X13, X14, X15, X16, X17};

  private final A64Listing code = new A64Listing();
  private final WeightFormat type;
  private final boolean bf16;
  private final int tokens;

  /** Rows that are walked over side by side in the code that is made now. */
  private int rows;

  private NeonRowProduct(WeightFormat type, int tokens) {
    this.type = type;
    this.bf16 = type == WeightFormat.BF16;
    this.tokens = tokens;
  }

  /**
   * The kernel for a number of tokens.
   *
   * @param type {@link WeightFormat#F32}, {@link WeightFormat#BF16} or {@link WeightFormat#F16}
   */
  static A64Listing listing(WeightFormat type, int tokens) {
    return new NeonRowProduct(type, tokens).listing();
  }

  private A64Listing listing() {
    ArmFunction function = ArmFunction.withAll();
    function.enter(code);
    code.add(ADD, X0, X0, X5);
    code.add(LSL, X19, X3, weightShift());
    strideOfValues();
    if (bf16) {
      code.broadcast(highHalves(), X8, Bfloat16.HIGH_HALF);
    }
    groups(rowsTogether());
    groups(1);
    function.leave(code);
    return code;
  }

  /** So many rows that the sums of all tokens keep the multipliers busy. */
  private int rowsTogether() {
    return switch (tokens) {
      case 1 -> 8;
      case 2 -> 4;
      default -> 2;
    };
  }

  private void strideOfValues() {
    if (bf16) {
      code.add(LSR, X20, X3, 1);
      code.add(ADD_NUMBER, X20, X20, 1);
    } else {
      code.move(X20, X3);
    }
    int bits = Integer.numberOfTrailingZeros(TokenRows.PADDING);
    code.add(ADD_NUMBER, X20, X20, 2 * TokenRows.PADDING - 1);
    code.add(LSR, X20, X20, bits);
    code.add(LSL, X20, X20, bits + 2);
  }

  /** Binary logarithm of a weight's bytes. */
  private int weightShift() {
    return type == WeightFormat.F32 ? 2 : 1;
  }

  /** Rows that are left, so many at a time. */
  private void groups(int together) {
    rows = together;
    int bits = Integer.numberOfTrailingZeros(rows);
    A64Label next = new A64Label("next_" + rows);
    A64Label done = new A64Label("done_" + rows);
    code.add(LSR, X5, X4, bits);
    code.add(CBZ, X5, done);
    code.add(MADD, X21, X5, X19, XZR);
    code.add(LSL, X22, X5, 2);
    code.move(X7, X5);
    code.place(next);
    begin();
    columns();
    for (int i = 0; i < rows * tokens; i++) {
      code.add(FADD, sum(i, 0), sum(i, 0), sum(i, 1));
      NeonLanes.sum(code, sum(i, 0));
    }
    rest();
    store();
    code.add(ADD, X0, X0, X19);
    code.add(ADD_NUMBER, X2, X2, Float.BYTES);
    code.repeat(X7, next);
    if (rows > 1) {
      // behind the last stream
      code.set(X8, rows - 1);
      code.add(MADD, X0, X21, X8, X0);
      code.add(MADD, X2, X22, X8, X2);
    }
    code.place(done);
    if (rows > 1) {
      code.add(UBFX, X4, X4, 0, bits);
    }
  }

  private void begin() {
    for (int i = 0; i < rows * tokens; i++) {
      code.clear(sum(i, 0));
      code.clear(sum(i, 1));
    }
    for (int row = 0; row < rows; row++) {
      if (row == 0) {
        code.move(weights(0), X0);
      } else {
        code.add(ADD, weights(row), weights(row - 1), X21);
      }
    }
    for (int token = 0; token < tokens; token++) {
      code.move(values(token), token == 0 ? X1 : bf16 ? oddValues(token - 1) : values(token - 1));
      if (token > 0) {
        code.add(ADD, values(token), values(token), X20);
      }
      if (bf16) {
        code.add(ADD, oddValues(token), values(token), X20);
      }
    }
  }

  private void columns() {
    A64Label turn = new A64Label("turn_" + rows);
    A64Label last = new A64Label("last_" + rows);
    A64Label done = new A64Label("columns_done_" + rows);
    code.add(LSR, X6, X3, STEP_BITS);
    code.add(CMP_NUMBER, XZR, X6, TURN);
    code.add(B_LO, last);
    code.place(turn);
    for (int i = 0; i < TURN; i++) {
      step();
    }
    code.add(SUB_NUMBER, X6, X6, TURN);
    code.add(CMP_NUMBER, XZR, X6, TURN);
    code.add(B_HS, turn);
    code.place(last);
    code.add(CBZ, X6, done);
    step();
    code.place(done);
  }

  /** Eight columns of each row, times the values of all tokens. */
  private void step() {
    for (int token = 0; token < tokens; token++) {
      if (bf16) {
        code.add(LDR_Q, value(token, 0), values(token).thenAdd(A64Vector.BYTES));
        code.add(LDR_Q, value(token, 1), oddValues(token).thenAdd(A64Vector.BYTES));
      } else {
        code.add(
            LDP_Q, value(token, 0), value(token, 1), values(token).thenAdd(2 * A64Vector.BYTES));
      }
    }
    for (int row = 0; row < rows; row++) {
      loadWeights(row);
      for (int token = 0; token < tokens; token++) {
        for (int half = 0; half < 2; half++) {
          code.add(FMLA, sum(row * tokens + token, half), weight(half), value(token, half));
        }
      }
    }
  }

  private void loadWeights(int row) {
    if (type == WeightFormat.F32) {
      code.add(LDP_Q, weight(0), weight(1), weights(row).thenAdd(2 * A64Vector.BYTES));
      return;
    }
    code.add(LDR_Q, weight(1), weights(row).thenAdd(A64Vector.BYTES));
    if (bf16) {
      code.add(SHL, weight(0), weight(1), Short.SIZE);
      code.add(AND_LANES, weight(1), weight(1), highHalves());
    } else {
      code.add(FCVTL, weight(0), weight(1));
      code.add(FCVTL2, weight(1), weight(1));
    }
  }

  /** The columns behind the last eight, one by one. */
  private void rest() {
    A64Label more = new A64Label("rest_" + rows);
    A64Label none = new A64Label("no_rest_" + rows);
    code.add(UBFX, X6, X3, 0, STEP_BITS);
    code.add(CBZ, X6, none);
    code.place(more);
    for (int token = 0; token < tokens; token++) {
      code.add(LDR_S, value(token, 0), values(token).thenAdd(Float.BYTES));
    }
    for (int row = 0; row < rows; row++) {
      if (type == WeightFormat.F32) {
        code.add(LDR_S, weight(0), weights(row).thenAdd(Float.BYTES));
      } else {
        code.add(LDR_H, weight(0), weights(row).thenAdd(Short.BYTES));
        if (bf16) {
          code.add(SHL, weight(0), weight(0), Short.SIZE);
        } else {
          code.add(FCVT_S_H, weight(0), weight(0));
        }
      }
      for (int token = 0; token < tokens; token++) {
        A64Vector sum = sum(row * tokens + token, 0);
        code.add(FMADD_S, sum, weight(0), value(token, 0), sum);
      }
    }
    for (int token = 0; bf16 && token < tokens; token++) {
      code.move(X23, values(token));
      code.move(values(token), oddValues(token));
      code.move(oddValues(token), X23);
    }
    code.repeat(X6, more);
    code.place(none);
  }

  private void store() {
    code.move(X23, X2);
    for (int row = 0; row < rows; row++) {
      for (int token = 0; token < tokens; token++) {
        A64Vector sum = sum(row * tokens + token, 0);
        code.add(STR_S, sum, X23.memory(token * ProductResults.STRIDE));
      }
      code.add(ADD, X23, X23, X22);
    }
  }

  private A64General weights(int row) {
    return POINTERS[row];
  }

  private A64General values(int token) {
    return POINTERS[rows + token];
  }

  private A64General oddValues(int token) {
    return POINTERS[rows + tokens + token];
  }

  /** Of a row and token. */
  private A64Vector sum(int index, int half) {
    return v(2 * index + half);
  }

  private A64Vector value(int token, int half) {
    return v(2 * rowsTogether() * tokens + 2 * token + half);
  }

  private static A64Vector weight(int half) {
    return v(A64Vector.COUNT - 2 + half);
  }

  private static A64Vector highHalves() {
    return v(A64Vector.COUNT - 3);
  }
}
