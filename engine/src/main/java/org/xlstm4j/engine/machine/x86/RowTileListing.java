package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.R11;
import static org.xlstm4j.engine.machine.x86.assembler.General.R12;
import static org.xlstm4j.engine.machine.x86.assembler.General.R13;
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
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * The kernel of dense products with rows that are not packed: tiles one below the other, {@code
 * out[row][j] += a[row][d] * b[d][j]}, summed by depth alone. Operands: a, b, out. The count's
 * lower half is the depth, at least 1, which is the distance of a's rows, too; its upper half the
 * number of groups of {@value TileKernels#ROWS} rows, at least 1. The parameter is the distance, in
 * bytes, from a to what is asked for ahead: some lines each turn of the depth, one behind the
 * other.
 *
 * <p>The whole depth is walked over with the sums in registers, as {@link TileListing} does with
 * pieces of it. Where the sums do not fit, they take several passes.
 *
 * <pre>
 * RDI  a, this group     R10  a, this depth of rows 0 to 3    R12  bytes of a row
 * RSI  b                 R11  the same of rows 4 to 7         R9   bytes of three rows
 * RDX  out, this group   RBX  b, this depth                   R13  what to ask for next
 * RCX  depth             RAX  turns to come                   RBP  groups to come
 * </pre>
 */
final class RowTileListing {
  private static final int ROWS = TileKernels.ROWS;
  private static final int B_BYTES = TileKernels.COLUMNS * Float.BYTES;

  private static final int TURN = KernelCode.ROW_TILE_TURN;

  private final Listing code = new Listing();
  private final int vectorBytes;

  /** Vectors of a row of out. */
  private final int vectors;

  private RowTileListing(MachineLevel level) {
    vectorBytes = level.vectorBytes();
    vectors = B_BYTES / vectorBytes;
  }

  static Listing of(MachineLevel level) {
    return new RowTileListing(level).make();
  }

  private Listing make() {
    KernelFunction function = KernelFunction.saving(RBX, RBP, R12, R13);
    Label group = new Label("group");
    function.enterArrays(code);
    KernelFunction.splitHalves(code, RBP, RCX);
    code.add(MOV, R12, RCX);
    code.add(SHL, R12, 2);
    code.add(LEA, R9, R12.memory(R12, 2));
    code.add(LEA, R13, RDI.memory(R8, 1));
    code.place(group);
    int sums = ROWS * vectors;
    int registers = vectorBytes == Vector.ZMM ? 32 : 16;
    int most = registers - vectors - 1;
    int passes = (sums + most - 1) / most;
    for (int i = 0; i < passes; i++) {
      pass((sums * i + passes - 1) / passes, (sums * (i + 1) + passes - 1) / passes);
    }
    code.add(LEA, RDI, RDI.memory(R12, ROWS));
    code.add(ADD_IMMEDIATE, RDX, ROWS * B_BYTES);
    code.add(SUB_IMMEDIATE, RBP, 1);
    code.add(JNE, group);
    function.leave(code);
    return code;
  }

  /** All products of a group for some of the sums. */
  private void pass(int first, int last) {
    Label loop = new Label("depths" + first);
    Label rest = new Label("rest" + first);
    Label single = new Label("depth" + first);
    Label done = new Label("done" + first);
    for (int sum = first; sum < last; sum++) {
      code.add(VMOVUPS, register(sum - first), RDX.memory(sum * vectorBytes));
    }
    code.add(MOV, R10, RDI);
    code.add(LEA, R11, RDI.memory(R12, ROWS / 2));
    code.add(MOV, RBX, RSI);
    code.add(MOV, RAX, RCX);
    code.add(SHR, RAX, Integer.numberOfTrailingZeros(TURN));
    code.add(TEST, RAX, RAX);
    code.add(JE, rest);
    code.place(loop);
    if (first == 0) {
      code.add(PREFETCHT0, R13.memory());
      code.add(ADD_IMMEDIATE, R13, CacheLine.BYTES);
    }
    for (int depth = 0; depth < TURN; depth++) {
      multiply(first, last, depth);
    }
    step(TURN);
    code.add(JNE, loop);
    code.place(rest);
    code.add(MOV, RAX, RCX);
    code.add(AND_IMMEDIATE, RAX, TURN - 1);
    code.add(JE, done);
    code.place(single);
    multiply(first, last, 0);
    step(1);
    code.add(JNE, single);
    code.place(done);
    for (int sum = first; sum < last; sum++) {
      code.add(VMOVUPS, RDX.memory(sum * vectorBytes), register(sum - first));
    }
  }

  private void step(int depths) {
    code.add(ADD_IMMEDIATE, R10, depths * Float.BYTES);
    code.add(ADD_IMMEDIATE, R11, depths * Float.BYTES);
    code.add(ADD_IMMEDIATE, RBX, depths * B_BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
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
        int row = sum / vectors;
        General begin = row < ROWS / 2 ? R10 : R11;
        Memory memory = begin.strided(R12, R9, row % (ROWS / 2)).plus(depth * Float.BYTES);
        code.add(VBROADCASTSS, factor, memory);
      }
      code.add(VFMADD231PS, register(sum - first), factor, register(count + sum % vectors));
    }
  }

  private Vector register(int number) {
    return new Vector(number, vectorBytes);
  }
}
