package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.R11;
import static org.xlstm4j.engine.machine.x86.assembler.General.R12;
import static org.xlstm4j.engine.machine.x86.assembler.General.R13;
import static org.xlstm4j.engine.machine.x86.assembler.General.R14;
import static org.xlstm4j.engine.machine.x86.assembler.General.R15;
import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.R9;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBP;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.machine.code.CacheLine;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * The kernel of dense products: tiles one below the other, of groups of rows of a and the same b,
 * {@code out[g][i][j] += a[g][d][i] * b[d][j]}, summed by depth alone. Operands: a, b, out. The
 * count's lower half is the depth, at least 1, its upper half the number of groups, at least 1; the
 * parameter's lower half is the distance of out's rows, its upper half that of a's groups, both in
 * floats. If the count's sign is set, sums do not start at what out holds, but all rows at the row
 * that lies behind b.
 *
 * <p>The depth is walked over in pieces, so that a piece of b stays in the first-level cache while
 * all groups meet it. The next group's piece of a is asked for meanwhile, and its rows of out.
 *
 * <p>The sums of a tile, row after row, are cut into passes over the piece, in each of which they
 * stay in registers, with the vectors of b at a depth and one value of a in all lanes. With 512
 * bits there is one pass of 16 sums: 16 multiplications and 10 loads a depth. A processor that
 * begins two of each a cycle takes 8 cycles for the former and 5 for the latter, one more for each
 * vector of b that crosses a line. With 256 bits and 16 registers, 32 sums take passes of 11, 11
 * and 10: more than the 8 that two multipliers with a latency of four cycles keep busy, which
 * passes of 4 rows by 2 vectors have exactly. They load 7, 8 and 7 times a depth.
 */
final class TileListing {
  private static final int ROWS = TileKernels.ROWS;
  private static final int A_BYTES = ROWS * Float.BYTES;
  private static final int B_BYTES = TileKernels.COLUMNS * Float.BYTES;

  /** Depths of a turn. */
  private static final int TURN = 4;

  /** Depths of a piece: 32 KB of b. */
  private static final int PIECE = 256;

  private final Listing code = new Listing();
  private final KernelFunction function = KernelFunction.saving(RBX, RBP, R12, R13, R14, R15);
  private final int vectorBytes;

  /** Vectors of a row. */
  private final int vectors;

  private final int passes;

  private TileListing(MachineLevel level) {
    vectorBytes = level.vectorBytes();
    vectors = B_BYTES / vectorBytes;
    int registers = vectorBytes == Vector.ZMM ? 32 : 16;
    int most = registers - vectors - 1;
    passes = (ROWS * vectors + most - 1) / most;
  }

  static Listing of(MachineLevel level) {
    return new TileListing(level).make();
  }

  /**
   * Registers: what is left of the depth in RCX, the depth of a piece in R14, the row that sums
   * start at in R15, 0 where they start at out.
   */
  private Listing make() {
    Label fromOut = new Label("from_out");
    Label pieces = new Label("pieces");
    function.enterArrays(code);
    code.add(MOV, R15, RCX);
    code.add(SHR, R15, Long.SIZE - 1);
    code.add(SHL, RCX, 1);
    code.add(SHR, RCX, 1);
    KernelFunction.splitHalves(code, R13, RCX);
    KernelFunction.splitHalves(code, R12, R8);
    code.add(SHL, R12, 2);
    code.add(SHL, R8, 2);
    code.add(LEA, R9, R8.memory(R8, 2));
    code.add(TEST, R15, R15);
    code.add(JE, fromOut);
    code.add(MOV, R15, RCX);
    code.add(SHL, R15, Integer.numberOfTrailingZeros(B_BYTES));
    code.add(ADD, R15, RSI);
    code.place(fromOut);
    code.place(pieces);
    code.setAtMost(R14, RCX, PIECE);
    groups();
    // the next piece of a and b, for the first group again
    code.add(MOV, RAX, R13);
    code.add(IMUL, RAX, R12);
    code.add(SUB, RDI, RAX);
    code.add(MOV, RAX, R13);
    code.add(IMUL, RAX, R8);
    code.add(SHL, RAX, Integer.numberOfTrailingZeros(ROWS));
    code.add(SUB, RDX, RAX);
    code.add(ADD_IMMEDIATE, RDI, PIECE * A_BYTES);
    code.add(ADD_IMMEDIATE, RSI, PIECE * B_BYTES);
    code.add(MOV_IMMEDIATE, R15, 0);
    code.add(SUB, RCX, R14);
    code.add(JNE, pieces);
    function.leave(code);
    return code;
  }

  /** A piece of all groups; RDI and RDX move on. */
  private void groups() {
    Label group = new Label("group");
    int sums = ROWS * vectors;
    code.add(MOV, RBP, R13);
    code.place(group);
    code.add(LEA, R10, RDX.memory(R8, 4));
    askForNextRows();
    for (int i = 0; i < passes; i++) {
      int first = (sums * i + passes - 1) / passes;
      pass(first, (sums * (i + 1) + passes - 1) / passes);
    }
    code.add(ADD, RDI, R12);
    code.add(LEA, RDX, RDX.memory(R8, ROWS));
    code.add(SUB_IMMEDIATE, RBP, 1);
    code.add(JNE, group);
  }

  private void askForNextRows() {
    code.add(MOV, R11, R10);
    for (int row = 0; row < ROWS; row++) {
      if (row % (ROWS / 2) == 0) {
        code.add(LEA, R11, R11.memory(R8, 4));
      }
      Memory begin = R11.strided(R8, R9, row % (ROWS / 2));
      for (int at = 0; at < B_BYTES; at += CacheLine.BYTES) {
        code.add(PREFETCHT0, begin.plus(at));
      }
      code.add(PREFETCHT0, begin.plus(B_BYTES - 1));
    }
  }

  /** All products of a piece for some of the sums. */
  private void pass(int first, int last) {
    Label loop = new Label("depths" + first);
    Label rest = new Label("rest" + first);
    Label single = new Label("depth" + first);
    Label done = new Label("done" + first);
    start(first, last);
    code.add(MOV, R11, RDI);
    code.add(MOV, RBX, RSI);
    code.add(MOV, RAX, R14);
    code.add(SHR, RAX, Integer.numberOfTrailingZeros(TURN));
    code.add(TEST, RAX, RAX);
    code.add(JE, rest);
    code.place(loop);
    for (int depth = 0; depth < TURN; depth++) {
      if (first == 0 && depth * A_BYTES % CacheLine.BYTES == 0) {
        code.add(PREFETCHT0, R11.memory(R12, 1).plus(depth * A_BYTES));
      }
      multiply(first, last, depth);
    }
    code.add(ADD_IMMEDIATE, R11, TURN * A_BYTES);
    code.add(ADD_IMMEDIATE, RBX, TURN * B_BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, loop);
    code.place(rest);
    code.add(MOV, RAX, R14);
    code.add(AND_IMMEDIATE, RAX, TURN - 1);
    code.add(JE, done);
    code.place(single);
    multiply(first, last, 0);
    code.add(ADD_IMMEDIATE, R11, A_BYTES);
    code.add(ADD_IMMEDIATE, RBX, B_BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, single);
    code.place(done);
    for (int sum = first; sum < last; sum++) {
      code.add(VMOVUPS, place(sum), register(sum - first));
    }
  }

  private void start(int first, int last) {
    Label fromOut = new Label("from_out" + first);
    Label started = new Label("started" + first);
    code.add(TEST, R15, R15);
    code.add(JE, fromOut);
    for (int sum = first; sum < last; sum++) {
      code.add(VMOVUPS, register(sum - first), R15.memory(sum % vectors * vectorBytes));
    }
    code.add(JMP, started);
    code.place(fromOut);
    for (int sum = first; sum < last; sum++) {
      code.add(VMOVUPS, register(sum - first), place(sum));
    }
    code.place(started);
  }

  /** The products of a depth. */
  private void multiply(int first, int last, int depth) {
    int count = last - first;
    Vector factor = register(count + vectors);
    for (int vector = 0; vector < vectors; vector++) {
      Memory memory = RBX.memory(depth * B_BYTES + vector * vectorBytes);
      code.add(VMOVUPS, register(count + vector), memory);
    }
    for (int sum = first; sum < last; sum++) {
      if (sum == first || sum % vectors == 0) {
        int at = depth * A_BYTES + sum / vectors * Float.BYTES;
        code.add(VBROADCASTSS, factor, R11.memory(at));
      }
      code.add(VFMADD231PS, register(sum - first), factor, register(count + sum % vectors));
    }
  }

  /** Where a sum lies in out. */
  private Memory place(int sum) {
    int row = sum / vectors;
    Memory begin = (row < ROWS / 2 ? RDX : R10).strided(R8, R9, row % (ROWS / 2));
    return begin.plus(sum % vectors * vectorBytes);
  }

  private Vector register(int number) {
    return new Vector(number, vectorBytes);
  }
}
