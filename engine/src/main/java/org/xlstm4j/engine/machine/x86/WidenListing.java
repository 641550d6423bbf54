package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Turns 16-bit weights into floats, a vector at a time and the last ones each by itself. Operands:
 * the weights, the floats; the count is how many.
 */
final class WidenListing {
  /** Bytes of weights that are asked for ahead. */
  private static final int AHEAD = 1024;

  private final Listing code = new Listing();
  private final KernelFunction function = KernelFunction.saving();
  private final Vector value;
  private final boolean isBf16;

  private WidenListing(MachineLevel level, boolean isBf16) {
    value = new Vector(0, level.vectorBytes());
    this.isBf16 = isBf16;
  }

  static Listing bf16(MachineLevel level) {
    return new WidenListing(level, true).make();
  }

  static Listing f16(MachineLevel level) {
    return new WidenListing(level, false).make();
  }

  private Listing make() {
    int lanes = value.bytes() / Float.BYTES;
    Label vector = new Label("vector");
    Label rest = new Label("rest");
    Label single = new Label("single");
    Label done = new Label("done");
    function.enterArrays(code);
    code.add(MOV, RAX, RCX);
    code.add(SHR, RAX, Integer.numberOfTrailingZeros(lanes));
    code.add(TEST, RAX, RAX);
    code.add(JE, rest);
    code.place(vector);
    code.add(PREFETCHT0, RDI.memory(AHEAD));
    if (isBf16) {
      code.add(VPMOVZXWD, value, RDI.memory());
      code.add(VPSLLD, value, value, Short.SIZE);
    } else {
      code.add(VCVTPH2PS, value, RDI.memory());
    }
    code.add(VMOVUPS, RSI.memory(), value);
    code.add(ADD_IMMEDIATE, RDI, lanes * Short.BYTES);
    code.add(ADD_IMMEDIATE, RSI, lanes * Float.BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, vector);
    code.place(rest);
    code.add(AND_IMMEDIATE, RCX, lanes - 1);
    code.add(JE, done);
    code.place(single);
    single();
    code.add(ADD_IMMEDIATE, RDI, Short.BYTES);
    code.add(ADD_IMMEDIATE, RSI, Float.BYTES);
    code.add(SUB_IMMEDIATE, RCX, 1);
    code.add(JNE, single);
    code.place(done);
    function.leave(code);
    return code;
  }

  private void single() {
    Vector lowest = value.as(Vector.XMM);
    code.add(MOVZX, RAX, RDI.memory());
    if (isBf16) {
      code.add(SHL, RAX, Short.SIZE);
    }
    code.add(VMOVQ, lowest, RAX);
    if (!isBf16) {
      code.add(VCVTPH2PS, lowest, lowest);
    }
    code.add(VMOVSS, RSI.memory(), lowest);
  }
}
