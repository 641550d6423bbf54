package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R11;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSP;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Mask;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * A walk over arrays of 32-bit elements, a vector at a time. The last vector may be a part of one:
 * what the arrays do not have is read as zero and not written. RCX holds the number of elements on
 * entry and a part of it afterwards; RAX counts; R11 and the mask 1 may change.
 */
final class VectorLoop {
  private static final Mask REST = new Mask(1);

  private final Listing code;
  private final Vector mask;
  private final General[] pointers;
  private boolean partial;

  /**
   * A walk that is not made yet.
   *
   * @param code is added to
   * @param mask a register of vectors' size that the body does not use
   * @param pointers registers that hold where the arrays are, moved on by each vector
   */
  VectorLoop(Listing code, Vector mask, General... pointers) {
    this.code = code;
    this.mask = mask;
    this.pointers = pointers;
  }

  /** Makes the walk; the body is made once for whole vectors and once for the last part. */
  void forEach(String name, Runnable body) {
    int lanes = mask.bytes() / Float.BYTES;
    Label loop = new Label(name);
    Label rest = new Label(name + "_rest");
    Label done = new Label(name + "_done");
    code.add(MOV, RAX, RCX);
    code.add(SHR, RAX, Integer.numberOfTrailingZeros(lanes));
    code.add(TEST, RAX, RAX);
    code.add(JE, rest);
    code.place(loop);
    partial = false;
    body.run();
    for (General pointer : pointers) {
      code.add(ADD_IMMEDIATE, pointer, mask.bytes());
    }
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, loop);
    code.place(rest);
    code.add(AND_IMMEDIATE, RCX, lanes - 1);
    code.add(JE, done);
    partial = true;
    makeMask();
    body.run();
    code.place(done);
  }

  /** Loads a vector of an array, zeros where there is none. */
  void load(Vector target, General pointer) {
    if (!partial) {
      code.add(VMOVUPS, target, pointer.memory());
    } else if (mask.bytes() == Vector.YMM) {
      code.add(VPMASKMOVD, target, mask, pointer.memory());
    } else {
      code.addMasked(REST, VMOVUPS, target, pointer.memory());
    }
  }

  /** Stores a vector, as far as the array goes. */
  void store(General pointer, Vector source) {
    if (!partial) {
      code.add(VMOVUPS, pointer.memory(), source);
    } else if (mask.bytes() == Vector.YMM) {
      code.add(VPMASKMOVD_STORE, pointer.memory(), mask, source);
    } else {
      code.addMasked(REST, VMOVUPS, pointer.memory(), source);
    }
  }

  /** Puts zeros where the array has no elements. */
  void clearRest(Vector vector) {
    if (partial && mask.bytes() == Vector.YMM) {
      code.add(VPAND, vector, vector, mask);
    } else if (partial) {
      code.addMasked(REST, VMOVUPS, vector, vector);
    }
  }

  /** A mask of the first RCX lanes, which are fewer than a vector has. */
  private void makeMask() {
    if (mask.bytes() == Vector.YMM) {
      MaskTable.push(code);
      code.add(MOV, R11, RCX);
      code.add(SHL, R11, 2);
      code.add(NEG, R11);
      code.add(ADD, R11, RSP);
      code.add(VMOVDQU, mask, R11.memory(MaskTable.ZEROS));
      code.add(ADD_IMMEDIATE, RSP, MaskTable.BYTES);
    } else {
      code.add(MOV_IMMEDIATE, RAX, -1);
      code.add(SHL_BY_RCX, RAX);
      code.add(NOT, RAX);
      code.add(KMOVW, REST, RAX);
    }
  }
}
