package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.R12;
import static org.xlstm4j.engine.machine.x86.assembler.General.R13;
import static org.xlstm4j.engine.machine.x86.assembler.General.R14;
import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.R9;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBP;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Adds one row of a depthwise kernel along one row of a grid. Operands: x, w, y. The count's lower
 * half is the number of channels, its upper half that of the row's tokens, at least 1; the
 * parameter's lower half is the distance of x's tokens, its upper half that of y's, both in floats.
 * Lanes are channels; weights and three tokens stay in registers, so each token is loaded once.
 */
final class GridListing {
  private final Listing code = new Listing();
  private final KernelFunction function = KernelFunction.saving(RBX, RBP, R12, R13, R14);
  private final Vector before;
  private final Vector here;
  private final Vector next;
  private final Vector sum;
  private final Vector[] weights = new Vector[3];
  private final VectorLoop channels;

  private GridListing(MachineLevel level) {
    int bytes = level.vectorBytes();
    before = new Vector(0, bytes);
    here = new Vector(1, bytes);
    next = new Vector(2, bytes);
    sum = new Vector(3, bytes);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = new Vector(4 + i, bytes);
    }
    channels = new VectorLoop(code, new Vector(15, bytes), RDI, RSI, RBX, RBP, RDX);
  }

  static Listing of(MachineLevel level) {
    return new GridListing(level).make();
  }

  private Listing make() {
    function.enterArrays(code);
    KernelFunction.splitHalves(code, R12, RCX);
    KernelFunction.splitHalves(code, R9, R8);
    code.add(SHL, R8, 2);
    code.add(SHL, R9, 2);
    code.add(LEA, RBX, RSI.memory(RCX, Float.BYTES));
    code.add(LEA, RBP, RBX.memory(RCX, Float.BYTES));
    channels.forEach("channels", this::row);
    function.leave(code);
    return code;
  }

  /** A vector of channels of all tokens: x in R10, y in R13, tokens left in R14. */
  private void row() {
    Label token = new Label("token");
    Label last = new Label("last");
    channels.load(weights[0], RSI);
    channels.load(weights[1], RBX);
    channels.load(weights[2], RBP);
    code.add(VPXOR, before, before, before);
    channels.load(here, RDI);
    code.add(MOV, R10, RDI);
    code.add(MOV, R13, RDX);
    code.add(MOV, R14, R12);
    code.add(SUB_IMMEDIATE, R14, 1);
    code.add(JE, last);
    code.place(token);
    code.add(ADD, R10, R8);
    channels.load(next, R10);
    addTwo();
    code.add(VFMADD231PS, sum, next, weights[2]);
    channels.store(R13, sum);
    code.add(VMOVUPS, before, here);
    code.add(VMOVUPS, here, next);
    code.add(ADD, R13, R9);
    code.add(SUB_IMMEDIATE, R14, 1);
    code.add(JNE, token);
    code.place(last);
    addTwo();
    channels.store(R13, sum);
  }

  private void addTwo() {
    channels.load(sum, R13);
    code.add(VFMADD231PS, sum, before, weights[0]);
    code.add(VFMADD231PS, sum, here, weights[1]);
  }
}
