package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.*;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.kernels.Bfloat16;
import org.xlstm4j.engine.machine.code.CacheLine;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.machine.code.TokenRows;
import org.xlstm4j.engine.machine.code.WeightFormat;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Product of row-major weights with one to four tokens. Arguments: weights, tokens' values, results
 * ({@link ProductResults}), columns, rows, where the rows begin in the weights.
 *
 * <p>Several rows are walked over side by side: with eight of them, rows an eighth of all apart, so
 * that the processor's prefetcher follows eight long streams. Each row has one vector of sums for
 * each token, whatever the number of rows and tokens, so that a row's result does not depend on
 * what it is multiplied together with. Behind the sums, registers hold a vector of as many tokens'
 * values as fit, so that these are read once for all rows. {@link RowCut} says how a row is cut
 * into vectors. What is left behind the lanes of 32 bits, an odd column of BF16 or the rest of F16,
 * is added one by one.
 *
 * <p>Tokens' values begin {@link TokenRows#stride} bytes after each other; for BF16 the even
 * columns of a token come first, then, after another stride, the odd ones.
 *
 * <pre>
 * RDI  weights, rows 0 to 3     RBX  bytes between rows     R12  bytes between two tokens' values
 * RSI  values, first column     RBP  three times RBX        R13  three times R12
 * RDX  results, first row       R10  weights, rows 4 to 7   R14  R11 at the odd columns
 * RCX  columns                  R11  values, this column    R15  weights, first row
 * R8   turns to come            RAX  vectors to come        R9   bytes between two tokens' results
 * </pre>
 */
final class RowProduct {
  /** How far ahead of its weights a row's stream is asked for, where it is. */
  private static final int AHEAD = 1024;

  private final Listing code = new Listing();
  private final WeightFormat type;
  private final boolean bf16;
  private final int vectorBytes;
  private final int tokens;
  private final RowCut cut;

  /** How many there are for vectors. */
  private final int registers;

  private final Vector weights;
  private final Vector oddWeights;
  private final Vector highHalves;

  private RowProduct(WeightFormat type, MachineLevel level, int tokens) {
    this.type = type;
    this.bf16 = type == WeightFormat.BF16;
    this.vectorBytes = level.vectorBytes();
    this.tokens = tokens;
    registers = vectorBytes == Vector.ZMM ? 32 : 16;
    weights = vector(registers - 1);
    oddWeights = vector(registers - 2);
    highHalves = vector(registers - 3);
    cut = new RowCut(code, vector(registers - 4));
  }

  /**
   * The kernel of a level for a number of tokens.
   *
   * @param type {@link WeightFormat#F32}, {@link WeightFormat#BF16} or {@link WeightFormat#F16}
   */
  static Listing listing(WeightFormat type, MachineLevel level, int tokens) {
    return new RowProduct(type, level, tokens).listing();
  }

  private Listing listing() {
    KernelFunction function = KernelFunction.saving(RBX, RBP, R12, R13, R14, R15);
    function.enter(code);
    code.add(ADD, RDI, R9);
    code.add(MOV_IMMEDIATE, R9, ProductResults.STRIDE);
    strides();
    if (bf16) {
      code.broadcast(highHalves, RAX, Bfloat16.HIGH_HALF);
    }
    if (type == WeightFormat.F16) {
      cut.withoutEnds(RCX);
    } else {
      cut.atLines(RDI, RBX);
    }
    code.add(MOV, R15, RDI);
    groups(rowsTogether());
    groups(1);
    cut.end();
    function.leave(code);
    return code;
  }

  /**
   * With little to multiply for each line of a stream, the processor's own prefetcher keeps up, and
   * asking for lines costs more than it gains.
   */
  private boolean isPrefetched() {
    return type != WeightFormat.F32 || tokens > 1;
  }

  /** So many rows that the sums of all tokens keep both multipliers busy. */
  private int rowsTogether() {
    if (vectorBytes == Vector.ZMM) {
      return tokens < 4 ? 8 : 4;
    }
    return switch (tokens) {
      case 1 -> 8;
      case 4 -> 2;
      default -> 4;
    };
  }

  private void strides() {
    code.add(MOV, RBX, RCX);
    code.add(SHL, RBX, weightShift());
    code.add(MOV, R12, RCX);
    if (bf16) {
      code.add(SHR, R12, 1);
    }
    code.add(ADD_IMMEDIATE, R12, bf16 ? 2 * TokenRows.PADDING : 2 * TokenRows.PADDING - 1);
    code.add(AND_IMMEDIATE, R12, -TokenRows.PADDING);
    code.add(SHL, R12, bf16 ? 3 : 2);
    code.add(LEA, R13, R12.memory(R12, 2));
  }

  /** Binary logarithm of a weight's bytes. */
  private int weightShift() {
    return type == WeightFormat.F32 ? 2 : 1;
  }

  /** Rows that are left, so many at a time. */
  private void groups(int rows) {
    Label next = new Label("next_" + rows);
    Label done = new Label("done_" + rows);
    cut.keepRows(R8);
    if (rows > 1) {
      code.add(SHR, R8, Integer.numberOfTrailingZeros(rows));
    }
    code.add(TEST, R8, R8);
    code.add(JE, done);
    code.add(MOV, RBX, RCX);
    code.add(SHL, RBX, weightShift());
    code.add(IMUL, RBX, R8);
    code.add(LEA, RBP, RBX.memory(RBX, 2));
    code.add(MOV, RAX, R8);
    code.add(SHL, RAX, 2);
    cut.keepResultStride(RAX);
    code.place(next);
    clearSums(rows);
    code.add(MOV, RDI, R15);
    code.add(MOV, R11, RSI);
    if (rows > 4) {
      code.add(LEA, R10, RDI.memory(RBX, 4));
    }
    if (bf16) {
      code.add(MOV, R14, R12);
      code.add(SHR, R14, 1);
      code.add(ADD, R14, R11);
    }
    if (type != WeightFormat.F16) {
      multiply(rows, RowCut.Part.HEAD);
      cut.loadHeadBytes(RAX);
      advance(rows);
    }
    wholeVectors(rows);
    if (type != WeightFormat.F16) {
      multiply(rows, RowCut.Part.TAIL);
    }
    for (int i = 0; i < rows * tokens; i++) {
      LaneSum.add(code, vector(i), weights);
    }
    if (type != WeightFormat.F32) {
      addRest(rows);
    }
    store(rows);
    code.add(MOV, RAX, RCX);
    code.add(SHL, RAX, weightShift());
    code.add(ADD, R15, RAX);
    code.add(ADD_IMMEDIATE, RDX, Float.BYTES);
    code.add(SUB_IMMEDIATE, R8, 1);
    code.add(JNE, next);
    if (rows > 1) {
      code.add(LEA, R15, R15.memory(RBX, rows));
      code.add(SUB, R15, RBX);
      cut.loadResultStride(RAX);
      code.add(LEA, RDX, RDX.memory(RAX, rows));
      code.add(SUB, RDX, RAX);
    }
    code.place(done);
    if (rows > 1) {
      cut.loadRows(R8);
      code.add(AND_IMMEDIATE, R8, rows - 1);
    }
  }

  /** Line after line of the cache, and then the vectors that make no line. */
  private void wholeVectors(int rows) {
    Label line = new Label("line_" + rows);
    Label rest = new Label("rest_of_lines_" + rows);
    Label vector = new Label("vector_" + rows);
    Label tail = new Label("tail_" + rows);
    int vectors = CacheLine.BYTES / weightBytes();
    cut.loadWholeVectors(RAX);
    code.add(SUB_IMMEDIATE, RAX, vectors);
    code.add(JB, rest);
    code.place(line);
    if (isPrefetched()) {
      for (int row = 0; row < rows; row++) {
        code.add(PREFETCHT0, weights(row).plus(AHEAD));
      }
    }
    for (int i = 0; i < vectors; i++) {
      wholeVector(rows);
    }
    code.add(SUB_IMMEDIATE, RAX, vectors);
    code.add(JAE, line);
    code.place(rest);
    if (vectors > 1) {
      code.add(ADD_IMMEDIATE, RAX, vectors);
      code.add(JE, tail);
      code.place(vector);
      wholeVector(rows);
      code.add(SUB_IMMEDIATE, RAX, 1);
      code.add(JNE, vector);
      code.place(tail);
    }
  }

  private void wholeVector(int rows) {
    multiply(rows, RowCut.Part.WHOLE);
    code.add(ADD_IMMEDIATE, RDI, weightBytes());
    if (rows > 4) {
      code.add(ADD_IMMEDIATE, R10, weightBytes());
    }
    code.add(ADD_IMMEDIATE, R11, vectorBytes);
    if (bf16) {
      code.add(ADD_IMMEDIATE, R14, vectorBytes);
    }
  }

  /** Bytes of a row's weights that become one vector of sums. */
  private int weightBytes() {
    return type == WeightFormat.F16 ? vectorBytes / 2 : vectorBytes;
  }

  private void clearSums(int rows) {
    for (int i = 0; i < rows * tokens; i++) {
      code.add(VPXOR, vector(i), vector(i), vector(i));
    }
  }

  private void advance(int rows) {
    code.add(ADD, RDI, RAX);
    if (rows > 4) {
      code.add(ADD, R10, RAX);
    }
    code.add(ADD, R11, RAX);
    if (bf16) {
      code.add(ADD, R14, RAX);
    }
  }

  /** One vector of each row, times the values of all tokens. */
  private void multiply(int rows, RowCut.Part part) {
    cut.prepare(part);
    boolean whole = part == RowCut.Part.WHOLE;
    int kept = whole ? keptValues() : 0;
    for (int i = 0; i < kept; i++) {
      code.add(VMOVUPS, keptValue(i), value(i));
    }
    for (int row = 0; row < rows; row++) {
      if (whole && tokens == 1 && type == WeightFormat.F32) {
        code.add(VFMADD231PS, sum(row, 0), keptValue(0), weights(row));
        continue;
      }
      loadWeights(row, part);
      for (int i = 0; i < values(); i++) {
        Vector factor = i < tokens ? weights : oddWeights;
        code.add(VFMADD231PS, sum(row, i % tokens), factor, i < kept ? keptValue(i) : value(i));
      }
    }
  }

  /** Vectors of values that a vector of weights is multiplied by. */
  private int values() {
    return bf16 ? 2 * tokens : tokens;
  }

  /**
   * How many of them fit into registers, so that they are read once for all rows. The mask of a
   * row's ends does not have to fit: there all are read for each row.
   */
  private int keptValues() {
    int others = bf16 ? 3 : 1;
    return Math.min(values(), registers - rowsTogether() * tokens - others);
  }

  private void loadWeights(int row, RowCut.Part part) {
    if (type == WeightFormat.F16) {
      code.add(VCVTPH2PS, weights, weights(row));
      return;
    }
    cut.load(part, weights, weights(row));
    if (bf16) {
      code.add(VPAND, oddWeights, weights, highHalves);
      code.add(VPSLLD, weights, weights, Short.SIZE);
    }
  }

  /** The columns behind the last lane of 32 bits, one by one. */
  private void addRest(int rows) {
    Label more = new Label("rest_" + rows);
    Label none = new Label("no_rest_" + rows);
    Vector weight = weights.as(Vector.XMM);
    int lanes = bf16 ? 2 : vectorBytes / Float.BYTES;
    code.add(MOV, RAX, RCX);
    code.add(AND_IMMEDIATE, RAX, lanes - 1);
    code.add(JE, none);
    code.add(MOV, R11, RCX);
    code.add(SUB, R11, RAX);
    code.add(LEA, RDI, R15.memory(R11, Short.BYTES));
    if (bf16) {
      code.add(SHR, R11, 1);
    }
    code.add(SHL, R11, 2);
    code.add(ADD, R11, RSI);
    if (rows > 4) {
      code.add(LEA, R10, RDI.memory(RBX, 4));
    }
    code.place(more);
    for (int row = 0; row < rows; row++) {
      code.add(MOVZX, R14, weights(row));
      if (bf16) {
        code.add(SHL, R14, Short.SIZE);
      }
      code.add(VMOVQ, weight, R14);
      if (!bf16) {
        code.add(VCVTPH2PS, weight, weight);
      }
      for (int token = 0; token < tokens; token++) {
        Vector sum = sum(row, token).as(Vector.XMM);
        code.add(VFMADD231SS, sum, weight, R11.strided(R12, R13, token));
      }
    }
    code.add(ADD_IMMEDIATE, RDI, Short.BYTES);
    if (rows > 4) {
      code.add(ADD_IMMEDIATE, R10, Short.BYTES);
    }
    code.add(ADD_IMMEDIATE, R11, Float.BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, more);
    code.place(none);
  }

  private void store(int rows) {
    cut.loadResultStride(R11);
    code.add(LEA, R14, R11.memory(R11, 2));
    code.add(MOV, RDI, RDX);
    for (int token = 0; token < tokens; token++) {
      if (rows > 4) {
        code.add(LEA, RAX, RDI.memory(R11, 4));
      }
      for (int row = 0; row < rows; row++) {
        Memory target = row < 4 ? RDI.strided(R11, R14, row) : RAX.strided(R11, R14, row - 4);
        code.add(VMOVSS, target, sum(row, token).as(Vector.XMM));
      }
      code.add(ADD, RDI, R9);
    }
  }

  private Memory weights(int row) {
    return row < 4 ? RDI.strided(RBX, RBP, row) : R10.strided(RBX, RBP, row - 4);
  }

  /** Those of all tokens, then, for BF16, those at odd columns. */
  private Memory value(int index) {
    return (index < tokens ? R11 : R14).strided(R12, R13, index % tokens);
  }

  private Vector keptValue(int index) {
    return vector(rowsTogether() * tokens + index);
  }

  private Vector sum(int row, int token) {
    return vector(row * tokens + token);
  }

  private Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }
}
