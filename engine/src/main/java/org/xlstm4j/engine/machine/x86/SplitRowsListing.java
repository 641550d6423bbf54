package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.R11;
import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.R9;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.SplitTileCode;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Tile;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Splits rows of floats into bfloat16 parts: {@code x = a + b + c}, exactly. A part is the nearest
 * such number to what is left, so that it takes eight bits of it with their sign, and three take
 * all 24. Operands: the first row, nothing, the tiles of {@link SplitTileCode}. The count's lower
 * half is the number of steps, at least 1, its upper half the number of rows, 1 to 16; the
 * parameter is the bytes from row to row, of either sign.
 */
final class SplitRowsListing {
  /** Half of a part's last place. */
  private static final int HALF = 0x8000;

  private static final int UPPER = 0xffff0000;

  private SplitRowsListing() {}

  static Listing listing() {
    Listing code = new Listing();
    KernelFunction function = KernelFunction.saving();
    Label nextRow = new Label("next_row");
    Label nextStep = new Label("next_step");
    Vector half = zmm(30);
    Vector upper = zmm(31);
    function.enterArrays(code);
    KernelFunction.splitHalves(code, R9, RCX);
    code.broadcast(half, RAX, HALF);
    code.broadcast(upper, RAX, UPPER);
    code.place(nextRow);
    code.add(MOV, R10, RDI);
    code.add(MOV, R11, RDX);
    code.add(MOV, RAX, RCX);
    code.place(nextStep);
    for (int i = 0; i < 2; i++) {
      Vector rest = zmm(i);
      code.add(VMOVUPS, rest, R10.memory(i * Vector.ZMM));
      for (int part = 0; part < SplitTileCode.PARTS; part++) {
        Vector words = zmm(2 + 2 * part + i);
        if (part < SplitTileCode.PARTS - 1) {
          code.add(VPADDD, words, rest, half);
          code.add(VPAND, words, words, upper);
          code.add(VSUBPS, rest, rest, words);
          code.add(VPSRLD, words, words, Short.SIZE);
        } else {
          code.add(VPSRLD, words, rest, Short.SIZE);
        }
        code.add(VPMOVDW, R11.memory(part * Tile.BYTES + i * Vector.YMM), words);
      }
    }
    code.add(ADD_IMMEDIATE, R10, 2 * Vector.ZMM);
    code.add(ADD_IMMEDIATE, R11, SplitTileCode.STEP_BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, nextStep);
    code.add(ADD, RDI, R8);
    code.add(ADD_IMMEDIATE, RDX, Tile.ROW_BYTES);
    code.add(SUB_IMMEDIATE, R9, 1);
    code.add(JNE, nextRow);
    function.leave(code);
    return code;
  }

  private static Vector zmm(int number) {
    return new Vector(number, Vector.ZMM);
  }
}
