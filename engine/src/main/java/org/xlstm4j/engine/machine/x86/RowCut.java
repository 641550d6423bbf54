package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.R11;
import static org.xlstm4j.engine.machine.x86.assembler.General.R15;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSP;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.CacheLine;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Mask;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * How the rows of a matrix are cut into vectors of 32-bit lanes: a head up to the first multiple of
 * a vector's size, whole vectors, and a tail. Reading across lines of the cache costs twice, and
 * the matrices in published files begin within a line. There is a head only where rows are whole
 * lines, so that all have the same one. Head and tail are loaded with masks: no byte outside the
 * matrix is read.
 *
 * <p>It keeps the cut in a frame on the stack: 32 bytes of ones and 32 of zeros, where masks are
 * read from in between, then masks and counts, and two numbers of the kernel's.
 */
final class RowCut {
  /** A part of a row. */
  enum Part {
    HEAD,
    WHOLE,
    TAIL
  }

  private static final int HEAD_MASK = 0;
  private static final int TAIL_MASK = HEAD_MASK + Vector.YMM;
  private static final int HEAD_BYTES = TAIL_MASK + Vector.YMM;
  private static final int WHOLE_VECTORS = HEAD_BYTES + Long.BYTES;
  private static final int ROWS = WHOLE_VECTORS + Long.BYTES;
  private static final int RESULT_STRIDE = ROWS + Long.BYTES;
  private static final int ONES = RESULT_STRIDE + Long.BYTES;
  private static final int ZEROS = ONES + MaskTable.ZEROS;
  private static final int FRAME = ONES + MaskTable.BYTES;

  private static final Mask HEAD = new Mask(1);
  private static final Mask TAIL = new Mask(2);

  private final Listing code;
  private final Vector mask;
  private final int lanes;

  /**
   * A cut that is not made yet.
   *
   * @param code is added to
   * @param mask a register of vectors' size for masks
   */
  RowCut(Listing code, Vector mask) {
    this.code = code;
    this.mask = mask;
    this.lanes = mask.bytes() / Float.BYTES;
  }

  /** Whole vectors only; {@code columns} holds the number of lanes. Changes RAX and R10. */
  void withoutEnds(General columns) {
    begin();
    code.add(MOV, R10, columns);
    code.add(SHR, R10, Integer.numberOfTrailingZeros(lanes));
    code.add(MOV_STORE, RSP.memory(WHOLE_VECTORS), R10);
  }

  /**
   * Head, whole vectors and tail of rows of {@code rowBytes} that begin at {@code weights}. Changes
   * RAX, R10, R11, R15 and the masks 1 and 2.
   */
  void atLines(General weights, General rowBytes) {
    begin();
    Label noHead = new Label("no_head");
    Label cut = new Label("cut");
    code.add(MOV, R10, rowBytes);
    code.add(AND_IMMEDIATE, R10, CacheLine.BYTES - 1);
    code.add(JNE, noHead);
    code.add(MOV, R10, weights);
    code.add(AND_IMMEDIATE, R10, Integer.BYTES - 1);
    code.add(JNE, noHead);
    code.add(MOV, R10, weights);
    code.add(NEG, R10);
    code.add(AND_IMMEDIATE, R10, mask.bytes() - 1);
    code.add(SHR, R10, 2);
    code.add(JMP, cut);
    code.place(noHead);
    code.add(MOV_IMMEDIATE, R10, 0);
    code.place(cut);
    makeMask(R10, HEAD, HEAD_MASK);
    code.add(MOV, R11, rowBytes);
    code.add(SHR, R11, 2);
    code.add(SUB, R11, R10);
    code.add(SHL, R10, 2);
    code.add(MOV_STORE, RSP.memory(HEAD_BYTES), R10);
    code.add(MOV, R10, R11);
    code.add(SHR, R10, Integer.numberOfTrailingZeros(lanes));
    code.add(MOV_STORE, RSP.memory(WHOLE_VECTORS), R10);
    code.add(AND_IMMEDIATE, R11, lanes - 1);
    makeMask(R11, TAIL, TAIL_MASK);
  }

  /** Gives the stack back. */
  void end() {
    code.add(ADD_IMMEDIATE, RSP, FRAME);
  }

  void loadHeadBytes(General target) {
    code.add(MOV_LOAD, target, RSP.memory(HEAD_BYTES));
  }

  void loadWholeVectors(General target) {
    code.add(MOV_LOAD, target, RSP.memory(WHOLE_VECTORS));
  }

  void keepRows(General rows) {
    code.add(MOV_STORE, RSP.memory(ROWS), rows);
  }

  void loadRows(General target) {
    code.add(MOV_LOAD, target, RSP.memory(ROWS));
  }

  void keepResultStride(General stride) {
    code.add(MOV_STORE, RSP.memory(RESULT_STRIDE), stride);
  }

  void loadResultStride(General target) {
    code.add(MOV_LOAD, target, RSP.memory(RESULT_STRIDE));
  }

  /** Has to come before {@link #load} of a part. */
  void prepare(Part part) {
    if (part != Part.WHOLE && mask.bytes() == Vector.YMM) {
      code.add(VMOVDQU, mask, RSP.memory(part == Part.HEAD ? HEAD_MASK : TAIL_MASK));
    }
  }

  /** Loads a vector of a part, zeros where the row has no lanes. */
  void load(Part part, Vector target, Memory from) {
    if (part == Part.WHOLE) {
      code.add(VMOVDQU, target, from);
    } else if (mask.bytes() == Vector.YMM) {
      code.add(VPMASKMOVD, target, mask, from);
    } else {
      code.addMasked(part == Part.HEAD ? HEAD : TAIL, VMOVDQU, target, from);
    }
  }

  private void begin() {
    MaskTable.push(code);
    code.add(SUB_IMMEDIATE, RSP, ONES);
  }

  /** A mask of the first so many lanes, fewer than a vector has. */
  private void makeMask(General count, Mask register, int place) {
    if (mask.bytes() == Vector.YMM) {
      code.add(MOV, R15, count);
      code.add(SHL, R15, 2);
      code.add(MOV, RAX, RSP);
      code.add(SUB, RAX, R15);
      code.add(VMOVDQU, mask, RAX.memory(ZEROS));
      code.add(VMOVDQU, RSP.memory(place), mask);
    } else {
      code.add(MOV, R15, RCX);
      code.add(MOV, RCX, count);
      code.add(MOV_IMMEDIATE, RAX, -1);
      code.add(SHL_BY_RCX, RAX);
      code.add(NOT, RAX);
      code.add(KMOVW, register, RAX);
      code.add(MOV, RCX, R15);
    }
  }
}
