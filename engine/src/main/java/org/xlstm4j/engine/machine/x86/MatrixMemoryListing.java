package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.*;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.MatrixMemoryArguments;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

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
 * <p>Some rows are walked over side by side, so that {@code value} and {@code h} are read once for
 * all of them. A row is added to h behind the one before it, whatever their number, so that results
 * do not depend on it nor on the number of tokens. Meanwhile the same columns of later rows are
 * asked for: a row is too short a stream for the processor's own prefetcher.
 *
 * <pre>
 * RDI  C, this column           RSI  arguments         RBX  bytes of a row of C   R9   bytes between
 * R10  C, rows ahead            RDX  keys              RBP  three times RBX            tokens' values
 * R11  values, this column      R8   queries           R12  bytes between         R13  three times R9
 * R14  h, this column           RCX  rows to come           tokens' keys
 * RAX  vectors to come                                 R15  three times R12
 * </pre>
 */
final class MatrixMemoryListing {
  /** How many rows ahead lines are asked for; as many as there are at most together. */
  private static final int AHEAD = 4;

  private final Listing code = new Listing();
  private final int tokens;
  private final int vectorBytes;

  private MatrixMemoryListing(MachineLevel level, int tokens) {
    this.tokens = tokens;
    this.vectorBytes = level.vectorBytes();
  }

  /** The kernel of a level for a number of tokens. */
  static Listing of(MachineLevel level, int tokens) {
    return new MatrixMemoryListing(level, tokens).listing();
  }

  private Listing listing() {
    KernelFunction function = KernelFunction.saving(RBX, RBP, R12, R13, R14, R15);
    function.enter(code);
    code.add(ADD, RDI, RSI);
    code.add(MOV, RSI, RDX);
    load(RBX, MatrixMemoryArguments.ROW_BYTES);
    code.add(LEA, RBP, RBX.memory(RBX, 2));
    load(R9, MatrixMemoryArguments.VALUE_STRIDE);
    code.add(LEA, R13, R9.memory(R9, 2));
    load(R12, MatrixMemoryArguments.KEY_STRIDE);
    code.add(LEA, R15, R12.memory(R12, 2));
    load(RDX, MatrixMemoryArguments.KEYS);
    load(R8, MatrixMemoryArguments.QUERIES);
    load(RCX, MatrixMemoryArguments.KEY_WIDTH);
    for (int token = 0; token < tokens; token++) {
      int at = MatrixMemoryArguments.DECAYS + token * Float.BYTES;
      code.add(VBROADCASTSS, decay(token), RSI.memory(at));
    }
    clearResults();
    if (rowsTogether() > 1) {
      groups(rowsTogether());
    }
    groups(1);
    scaleResults();
    function.leave(code);
    return code;
  }

  private void load(General target, int argument) {
    code.add(MOV_LOAD, target, RSI.memory(argument));
  }

  /** As many as the registers hold keys and queries of, at most four. */
  private int rowsTogether() {
    if (vectorBytes == Vector.ZMM) {
      return tokens > 2 ? 2 : 4;
    }
    return tokens > 2 ? 1 : 4 / tokens;
  }

  private void clearResults() {
    code.add(VPXOR, vector(0), vector(0), vector(0));
    forEachColumn(
        "clear",
        () -> {
          for (int token = 0; token < tokens; token++) {
            code.add(VMOVUPS, result(token), vector(0));
          }
        });
  }

  private void scaleResults() {
    for (int token = 0; token < tokens; token++) {
      int at = MatrixMemoryArguments.SCALES + token * Float.BYTES;
      code.add(VBROADCASTSS, decay(token), RSI.memory(at));
    }
    forEachColumn(
        "scale",
        () -> {
          for (int token = 0; token < tokens; token++) {
            code.add(VMULPS, vector(0), decay(token), result(token));
            code.add(VMOVUPS, result(token), vector(0));
          }
        });
  }

  /** All rows that are left, so many at a time. */
  private void groups(int rows) {
    Label next = new Label("next_" + rows);
    Label done = new Label("done_" + rows);
    code.place(next);
    code.add(CMP_IMMEDIATE, RCX, rows);
    code.add(JB, done);
    for (int row = 0; row < rows; row++) {
      for (int token = 0; token < tokens; token++) {
        int at = row * Float.BYTES;
        code.add(VBROADCASTSS, key(row, token), RDX.strided(R12, R15, token).plus(at));
        code.add(VBROADCASTSS, query(row, token), R8.strided(R12, R15, token).plus(at));
      }
    }
    code.add(LEA, R10, RDI.memory(RBX, AHEAD));
    forEachColumn("columns_" + rows, () -> column(rows));
    load(RAX, MatrixMemoryArguments.WIDTH);
    code.add(SHL, RAX, Integer.numberOfTrailingZeros(Float.BYTES));
    code.add(SUB, RDI, RAX);
    code.add(LEA, RDI, RDI.memory(RBX, rows));
    code.add(ADD_IMMEDIATE, RDX, rows * Float.BYTES);
    code.add(ADD_IMMEDIATE, R8, rows * Float.BYTES);
    code.add(SUB_IMMEDIATE, RCX, rows);
    code.add(JMP, next);
    code.place(done);
  }

  private void forEachColumn(String name, Runnable body) {
    Label loop = new Label(name);
    load(R11, MatrixMemoryArguments.VALUES);
    load(R14, MatrixMemoryArguments.RESULTS);
    load(RAX, MatrixMemoryArguments.WIDTH);
    code.add(SHR, RAX, Integer.numberOfTrailingZeros(vectorBytes / Float.BYTES));
    code.place(loop);
    body.run();
    code.add(ADD_IMMEDIATE, R11, vectorBytes);
    code.add(ADD_IMMEDIATE, R14, vectorBytes);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, loop);
  }

  /** A vector of columns of some rows. */
  private void column(int rows) {
    for (int row = 0; row < rows; row++) {
      code.add(PREFETCHT0, R10.strided(RBX, RBP, row));
    }
    Vector value = vector(0);
    Vector result = vector(1);
    for (int token = 0; token < tokens; token++) {
      code.add(VMOVUPS, value, R11.strided(R9, R13, token));
      code.add(VMOVUPS, result, result(token));
      for (int row = 0; row < rows; row++) {
        Vector memory = memory(row);
        if (token == 0) {
          code.add(VMULPS, memory, decay(token), RDI.strided(RBX, RBP, row));
        } else {
          code.add(VMULPS, memory, decay(token), memory);
        }
        code.add(VFMADD231PS, memory, key(row, token), value);
        code.add(VFMADD231PS, result, query(row, token), memory);
      }
      code.add(VMOVUPS, result(token), result);
    }
    for (int row = 0; row < rows; row++) {
      code.add(VMOVUPS, RDI.strided(RBX, RBP, row), memory(row));
    }
    code.add(ADD_IMMEDIATE, RDI, vectorBytes);
    code.add(ADD_IMMEDIATE, R10, vectorBytes);
  }

  private Memory result(int token) {
    return R14.strided(R9, R13, token);
  }

  private Vector decay(int token) {
    return vector(2 + token);
  }

  private Vector memory(int row) {
    return vector(2 + tokens + row);
  }

  private Vector key(int row, int token) {
    return vector(2 + tokens + rowsTogether() + 2 * (row * tokens + token));
  }

  private Vector query(int row, int token) {
    return vector(key(row, token).number() + 1);
  }

  private Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }
}
