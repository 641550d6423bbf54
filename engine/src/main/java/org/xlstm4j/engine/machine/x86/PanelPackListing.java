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
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Rows become a panel: a vector holds four columns of each fourth row, which are transposed within
 * its lanes. Operands: the first row, the panel. The count is a fourth of the columns, at least 1;
 * the parameter is the bytes from row to row.
 *
 * <p>As many rows as a vector has lanes are packed at a time, 64 columns of them before the next
 * rows, so that the lines of the panel are in the first-level cache until all rows are written. 32
 * rows of 1024 columns take 5.7 microseconds from the third-level cache with 512 bits and 7.3 with
 * 256; rows of all columns at a time take 9.6 (Emerald Rapids).
 */
final class PanelPackListing {
  private static final int ROW_BYTES = TileKernels.COLUMNS * Float.BYTES;

  /** Turns, of four columns each, of a block. */
  private static final int BLOCK = 16;

  /** Where the first, fifth, ninth and thirteenth row of a group are. */
  private static final General[] FOURTHS = {R10, R13, R14, R15};

  private final Listing code = new Listing();
  private final KernelFunction function = KernelFunction.saving(RBX, RBP, R12, R13, R14, R15);
  private final int vectorBytes;

  private PanelPackListing(MachineLevel level) {
    vectorBytes = level.vectorBytes();
  }

  static Listing of(MachineLevel level) {
    return new PanelPackListing(level).make();
  }

  /**
   * Registers: turns to come in RCX and of a block in RAX and R12, rows of a group in R11, their
   * place in the panel in RDX and RBP, groups to come in RBX.
   */
  private Listing make() {
    Label block = new Label("block");
    function.enterArrays(code);
    code.add(LEA, R9, R8.memory(R8, 2));
    code.place(block);
    code.setAtMost(RAX, RCX, BLOCK);
    groups();
    code.add(ADD_IMMEDIATE, RDI, BLOCK * Vector.XMM);
    code.add(ADD_IMMEDIATE, RSI, BLOCK * KernelCode.PACKED_COLUMNS * ROW_BYTES);
    code.add(SUB, RCX, RAX);
    code.add(JNE, block);
    function.leave(code);
    return code;
  }

  /** A block of all rows. */
  private void groups() {
    Label group = new Label("group");
    Label turn = new Label("turn");
    code.add(MOV, R11, RDI);
    code.add(MOV, RDX, RSI);
    code.add(MOV_IMMEDIATE, RBX, ROW_BYTES / vectorBytes);
    code.place(group);
    code.add(MOV, R10, R11);
    for (int i = 1; i < lanes(); i++) {
      code.add(LEA, FOURTHS[i], FOURTHS[i - 1].memory(R8, 4));
    }
    code.add(LEA, R11, FOURTHS[lanes() - 1].memory(R8, 4));
    code.add(MOV, RBP, RDX);
    code.add(MOV, R12, RAX);
    code.place(turn);
    for (int row = 0; row < KernelCode.PACKED_COLUMNS; row++) {
      load(row);
    }
    PackListing.transpose(code, vectorBytes);
    for (int column = 0; column < KernelCode.PACKED_COLUMNS; column++) {
      code.add(VMOVUPS, RBP.memory(column * ROW_BYTES), PackListing.row(column, vectorBytes));
    }
    for (int i = 0; i < lanes(); i++) {
      code.add(ADD_IMMEDIATE, FOURTHS[i], Vector.XMM);
    }
    code.add(ADD_IMMEDIATE, RBP, KernelCode.PACKED_COLUMNS * ROW_BYTES);
    code.add(SUB_IMMEDIATE, R12, 1);
    code.add(JNE, turn);
    code.add(ADD_IMMEDIATE, RDX, vectorBytes);
    code.add(SUB_IMMEDIATE, RBX, 1);
    code.add(JNE, group);
  }

  /** Four columns of one of the first four rows, and of those four, eight and twelve below. */
  private void load(int row) {
    Vector all = PackListing.row(row, vectorBytes);
    code.add(VMOVUPS, all.as(Vector.XMM), FOURTHS[0].strided(R8, R9, row));
    for (int i = 1; i < lanes(); i++) {
      boolean wide = vectorBytes == Vector.ZMM;
      code.add(wide ? VINSERTF32X4 : VINSERTF128, all, all, FOURTHS[i].strided(R8, R9, row), i);
    }
  }

  private int lanes() {
    return vectorBytes / Vector.XMM;
  }
}
