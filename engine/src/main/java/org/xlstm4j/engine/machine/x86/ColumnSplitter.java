package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Splits one token's values into even and odd columns, because two weights of BF16 share a lane.
 * Arguments: values, filled up to a multiple of 16; where they begin; even columns; odd columns;
 * the number of values in units of 16.
 */
final class ColumnSplitter {
  private static final int EVENS = 0b10_00_10_00;
  private static final int ODDS = 0b11_01_11_01;
  private static final int MIDDLE_SWAPPED = 0b11_01_10_00;

  private ColumnSplitter() {}

  /** The kernel of all levels. */
  static Listing listing() {
    Listing code = new Listing();
    KernelFunction function = KernelFunction.saving();
    Label next = new Label("next");
    Vector first = new Vector(0, Vector.YMM);
    Vector second = new Vector(1, Vector.YMM);
    Vector half = new Vector(2, Vector.YMM);
    function.enter(code);
    code.add(ADD, RDI, RSI);
    code.place(next);
    code.add(VMOVUPS, first, RDI.memory());
    code.add(VMOVUPS, second, RDI.memory(Vector.YMM));
    for (boolean odd : new boolean[] {false, true}) {
      code.add(VSHUFPS, half, first, second, odd ? ODDS : EVENS);
      code.add(VPERMQ, half, half, MIDDLE_SWAPPED);
      code.add(VMOVUPS, (odd ? RCX : RDX).memory(), half);
    }
    code.add(ADD_IMMEDIATE, RDI, 2 * Vector.YMM);
    code.add(ADD_IMMEDIATE, RDX, Vector.YMM);
    code.add(ADD_IMMEDIATE, RCX, Vector.YMM);
    code.add(SUB_IMMEDIATE, R8, 1);
    code.add(JNE, next);
    function.leave(code);
    return code;
  }
}
