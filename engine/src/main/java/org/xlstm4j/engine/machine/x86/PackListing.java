package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.R11;
import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.R9;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Eight rows become columns, four at a time: the halves of a vector hold four columns of a row and
 * of the one four below, and each half is transposed by itself. Operands: the first row, the first
 * column. The count's lower half is a fourth of the columns, at least 1, its upper half the floats
 * from column to column of the result; the parameter is the bytes from row to row, of either sign.
 */
final class PackListing {
  private static final int FIRST_HALVES = 0b01_00_01_00;
  private static final int SECOND_HALVES = 0b11_10_11_10;

  private PackListing() {}

  /** The kernel of all levels. */
  static Listing listing() {
    Listing code = new Listing();
    KernelFunction function = KernelFunction.saving();
    Label next = new Label("next");
    function.enterArrays(code);
    code.add(LEA, R9, R8.memory(R8, 2));
    code.add(LEA, R10, RDI.memory(R8, 4));
    KernelFunction.splitHalves(code, R11, RCX);
    code.add(SHL, R11, 2);
    code.add(LEA, RAX, R11.memory(R11, 2));
    code.place(next);
    for (int i = 0; i < KernelCode.PACKED_COLUMNS; i++) {
      loadTwoRows(code, i, RDI.strided(R8, R9, i), R10.strided(R8, R9, i));
    }
    transpose(code, Vector.YMM);
    for (int i = 0; i < KernelCode.PACKED_COLUMNS; i++) {
      code.add(VMOVUPS, RSI.strided(R11, RAX, i), row(i, Vector.YMM));
    }
    code.add(ADD_IMMEDIATE, RDI, Vector.XMM);
    code.add(ADD_IMMEDIATE, R10, Vector.XMM);
    code.add(LEA, RSI, RSI.memory(R11, KernelCode.PACKED_COLUMNS));
    code.add(SUB_IMMEDIATE, RCX, 1);
    code.add(JNE, next);
    function.leave(code);
    return code;
  }

  /** Loads four columns of one of the first four rows and of the one four below. */
  static void loadTwoRows(Listing code, int number, Memory row, Memory below) {
    Vector both = row(number, Vector.YMM);
    code.add(VMOVUPS, both.as(Vector.XMM), row);
    code.add(VINSERTF128, both, both, below, 1);
  }

  /** Turns what is loaded into columns, each lane of 128 bits by itself. */
  static void transpose(Listing code, int vectorBytes) {
    for (int i = 0; i < 2; i++) {
      Vector first = row(2 * i, vectorBytes);
      Vector second = row(2 * i + 1, vectorBytes);
      code.add(VPUNPCKLDQ, pairs(i, vectorBytes), first, second);
      code.add(VPUNPCKHDQ, pairs(2 + i, vectorBytes), first, second);
    }
    for (int i = 0; i < KernelCode.PACKED_COLUMNS; i++) {
      int halves = i % 2 == 0 ? FIRST_HALVES : SECOND_HALVES;
      Vector first = pairs(i / 2 * 2, vectorBytes);
      Vector second = pairs(i / 2 * 2 + 1, vectorBytes);
      code.add(VSHUFPS, row(i, vectorBytes), first, second, halves);
    }
  }

  /** In each lane four columns of a row, later a column of four rows. */
  static Vector row(int number, int vectorBytes) {
    return new Vector(number, vectorBytes);
  }

  /** Two columns of two rows in each lane. */
  private static Vector pairs(int number, int vectorBytes) {
    return new Vector(KernelCode.PACKED_COLUMNS + number, vectorBytes);
  }
}
