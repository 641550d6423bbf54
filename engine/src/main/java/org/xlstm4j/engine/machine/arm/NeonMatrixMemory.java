package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.CacheLine;
import org.xlstm4j.engine.machine.code.MatrixMemoryArguments;

/**
 * One to four steps of some columns of a head's matrix memory in one pass over it. For each token
 * in turn and each row a of C,
 *
 * <pre>
 * C[a] = decay C[a] + key[a] value
 * h    = h + query[a] C[a]
 * </pre>
 *
 * and at the end {@code h = scale h}. Arguments: the memory; where the columns of row 0 begin in
 * it; {@link MatrixMemoryArguments}.
 *
 * <p>Four rows are walked over side by side, so that {@code value} and {@code h} are read once for
 * all of them; their keys are the lanes of a vector, and so are their queries. A row is added to h
 * behind the one before it, so that results do not depend on how many rows are walked over together
 * nor on the number of tokens. Meanwhile the same columns of the next four rows are asked for: a
 * row is a short stream for the processor's own prefetcher.
 *
 * <pre>
 * V0 to V7    two vectors of each row   X0  C, first row        X8 to X11   rows of C
 * V16 to V19  keys of four rows         X2  arguments           X3 to X6    tokens' values
 * V20 to V23  queries of four rows      X12 bytes of a row      X19 to X22  tokens' h
 * V24         decays, scales            X13 four times as many  X14  keys     X16  columns to come
 * V25, V26    values                    X7  bytes between keys  X15  queries  X17  rows to come
 * V27, V28    h                         X23, X24  scratch
 * </pre>
 */
final class NeonMatrixMemory {
  /** Rows together. */
  private static final int ROWS = 4;

  /** Columns of a turn, a line of the cache. */
  private static final int TURN = CacheLine.BYTES / Float.BYTES;

  private static final int PAIR_BYTES = 2 * A64Vector.BYTES;
  private static final A64General[] ROW = {X8, X9, X10, X11};
  private static final A64General[] VALUE = {X3, X4, X5, X6};
  private static final A64General[] RESULT = {X19, X20, X21, X22};

  private final A64Listing code = new A64Listing();
  private final int tokens;
  private final A64Vector gates = v(24);

  private NeonMatrixMemory(int tokens) {
    this.tokens = tokens;
  }

  /** The kernel for a number of tokens. */
  static A64Listing of(int tokens) {
    return new NeonMatrixMemory(tokens).listing();
  }

  private A64Listing listing() {
    ArmFunction function = ArmFunction.withAll();
    function.enter(code);
    code.add(ADD, X0, X0, X1);
    load(X12, MatrixMemoryArguments.ROW_BYTES);
    code.add(LSL, X13, X12, Integer.numberOfTrailingZeros(ROWS));
    load(X14, MatrixMemoryArguments.KEYS);
    load(X15, MatrixMemoryArguments.QUERIES);
    load(X7, MatrixMemoryArguments.KEY_STRIDE);
    load(X17, MatrixMemoryArguments.KEY_WIDTH);
    code.add(LDR_Q, gates, X2.memory(MatrixMemoryArguments.DECAYS));
    clearResults();
    groups(ROWS);
    groups(1);
    scaleResults();
    function.leave(code);
    return code;
  }

  private void load(A64General target, int argument) {
    code.add(LDR_X, target, X2.memory(argument));
  }

  private void clearResults() {
    code.clear(v(0));
    forEachColumn(
        "clear",
        () -> {
          for (int token = 0; token < tokens; token++) {
            for (int i = 0; i < 2; i++) {
              code.add(STP_Q, v(0), v(0), RESULT[token].thenAdd(PAIR_BYTES));
            }
          }
        });
  }

  private void scaleResults() {
    code.add(LDR_Q, gates, X2.memory(MatrixMemoryArguments.SCALES));
    forEachColumn(
        "scale",
        () -> {
          for (int token = 0; token < tokens; token++) {
            for (int i = 0; i < 2; i++) {
              code.add(LDP_Q, v(0), v(1), RESULT[token].memory());
              code.add(FMUL_ELEMENT, v(0), v(0), gates.lane(token));
              code.add(FMUL_ELEMENT, v(1), v(1), gates.lane(token));
              code.add(STP_Q, v(0), v(1), RESULT[token].thenAdd(PAIR_BYTES));
            }
          }
        });
  }

  /** All rows that are left, so many at a time. */
  private void groups(int rows) {
    A64Label next = new A64Label("next_" + rows);
    A64Label done = new A64Label("done_" + rows);
    code.place(next);
    code.add(CMP_NUMBER, XZR, X17, rows);
    code.add(B_LO, done);
    code.move(X23, X14);
    code.move(X24, X15);
    for (int token = 0; token < tokens; token++) {
      code.add(rows == 1 ? LDR_S : LDR_Q, keys(token), X23.memory());
      code.add(rows == 1 ? LDR_S : LDR_Q, queries(token), X24.memory());
      code.add(ADD, X23, X23, X7);
      code.add(ADD, X24, X24, X7);
    }
    code.move(ROW[0], X0);
    for (int row = 1; row < rows; row++) {
      code.add(ADD, ROW[row], ROW[row - 1], X12);
    }
    forEachColumn("columns_" + rows, () -> columns(rows));
    code.add(ADD, X0, X0, rows == 1 ? X12 : X13);
    code.add(ADD_NUMBER, X14, X14, rows * Float.BYTES);
    code.add(ADD_NUMBER, X15, X15, rows * Float.BYTES);
    code.add(SUB_NUMBER, X17, X17, rows);
    code.add(B, next);
    code.place(done);
  }

  /** The body moves the pointers on. */
  private void forEachColumn(String name, Runnable body) {
    A64Label loop = new A64Label(name);
    load(VALUE[0], MatrixMemoryArguments.VALUES);
    load(RESULT[0], MatrixMemoryArguments.RESULTS);
    load(X23, MatrixMemoryArguments.VALUE_STRIDE);
    for (int token = 1; token < tokens; token++) {
      code.add(ADD, VALUE[token], VALUE[token - 1], X23);
      code.add(ADD, RESULT[token], RESULT[token - 1], X23);
    }
    load(X16, MatrixMemoryArguments.WIDTH);
    code.add(LSR, X16, X16, Integer.numberOfTrailingZeros(TURN));
    code.place(loop);
    body.run();
    code.repeat(X16, loop);
  }

  /** A turn's columns of some rows. */
  private void columns(int rows) {
    for (int row = 0; row < rows; row++) {
      code.add(PRFM, ROW[row].memory(X13));
    }
    for (int pair = 0; pair < TURN * Float.BYTES / PAIR_BYTES; pair++) {
      for (int row = 0; row < rows; row++) {
        code.add(LDP_Q, memory(row, 0), memory(row, 1), ROW[row].memory());
      }
      for (int token = 0; token < tokens; token++) {
        step(rows, token);
      }
      for (int row = 0; row < rows; row++) {
        code.add(STP_Q, memory(row, 0), memory(row, 1), ROW[row].thenAdd(PAIR_BYTES));
      }
    }
  }

  private void step(int rows, int token) {
    code.add(LDP_Q, value(0), value(1), VALUE[token].thenAdd(PAIR_BYTES));
    code.add(LDP_Q, result(0), result(1), RESULT[token].memory());
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < 2; i++) {
        A64Vector memory = memory(row, i);
        code.add(FMUL_ELEMENT, memory, memory, gates.lane(token));
        code.add(FMLA_ELEMENT, memory, value(i), keys(token).lane(row));
        code.add(FMLA_ELEMENT, result(i), memory, queries(token).lane(row));
      }
    }
    code.add(STP_Q, result(0), result(1), RESULT[token].thenAdd(PAIR_BYTES));
  }

  private static A64Vector memory(int row, int index) {
    return v(2 * row + index);
  }

  private static A64Vector keys(int token) {
    return v(16 + token);
  }

  private static A64Vector queries(int token) {
    return v(20 + token);
  }

  private static A64Vector value(int index) {
    return v(25 + index);
  }

  private static A64Vector result(int index) {
    return v(27 + index);
  }
}
