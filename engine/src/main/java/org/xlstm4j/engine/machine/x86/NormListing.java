package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.*;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Norms over groups of columns, three walks over each group: the mean, the mean square of what
 * differs from it, the result. Operands: x, gain, y. The count's lower half is a group's width, its
 * upper half the number of groups; the parameter's lower half is epsilon, its upper half one over
 * the width.
 *
 * <pre>
 * 0  a sum       10  the mean       RDI  x, this group       R9   x in a walk
 * 1  x           11  the scale      RSI  gain, this group    R10  gain in a walk
 * 2  gain        12  epsilon        RDX  y, this group       R13  y in a walk
 *                13  1 / width      R12  width               RBX  groups to come
 * </pre>
 */
final class NormListing {
  private static final int ONE = Float.floatToRawIntBits(1);

  private final Listing code = new Listing();
  private final int vectorBytes;
  private final Vector sum;
  private final Vector value;
  private final Vector gain;
  private final Vector mean;
  private final Vector scale;
  private final Vector epsilon;
  private final Vector inverseWidth;
  private final Vector mask;

  private NormListing(MachineLevel level) {
    vectorBytes = level.vectorBytes();
    sum = vector(0);
    value = vector(1);
    gain = vector(2);
    mean = vector(10);
    scale = vector(11);
    epsilon = vector(12);
    inverseWidth = vector(13);
    mask = vector(15);
  }

  /** The kernel of a level, with the groups' means or with a mean of 0. */
  static Listing of(MachineLevel level, boolean centered) {
    return new NormListing(level).listing(centered);
  }

  private Listing listing(boolean centered) {
    KernelFunction function = KernelFunction.saving(RBX, R12, R13);
    function.enterArrays(code);
    code.add(MOV, RBX, RCX);
    code.add(SHR, RBX, Integer.SIZE);
    code.add(MOV, R12, RCX);
    code.add(SHL, R12, Integer.SIZE);
    code.add(SHR, R12, Integer.SIZE);
    code.broadcast(epsilon, R8);
    code.add(SHR, R8, Integer.SIZE);
    code.broadcast(inverseWidth, R8);
    Label group = new Label("group");
    code.place(group);
    code.add(VPXOR, mean, mean, mean);
    if (centered) {
      mean();
    }
    scale();
    result();
    code.add(LEA, RDI, RDI.memory(R12, Float.BYTES));
    code.add(LEA, RSI, RSI.memory(R12, Float.BYTES));
    code.add(LEA, RDX, RDX.memory(R12, Float.BYTES));
    code.add(SUB_IMMEDIATE, RBX, 1);
    code.add(JNE, group);
    function.leave(code);
    return code;
  }

  private void mean() {
    VectorLoop loop = walk(R9);
    loop.forEach(
        "mean",
        () -> {
          loop.load(value, R9);
          code.add(VADDPS, sum, sum, value);
        });
    LaneSum.add(code, sum, value);
    code.add(VMULSS, lowest(sum), lowest(sum), lowest(inverseWidth));
    code.add(VBROADCASTSS, mean, lowest(sum));
  }

  private void scale() {
    VectorLoop loop = walk(R9);
    loop.forEach(
        "squares",
        () -> {
          loop.load(value, R9);
          code.add(VSUBPS, value, value, mean);
          loop.clearRest(value);
          code.add(VFMADD231PS, sum, value, value);
        });
    LaneSum.add(code, sum, value);
    code.add(VMULSS, lowest(sum), lowest(sum), lowest(inverseWidth));
    code.add(VADDSS, lowest(sum), lowest(sum), lowest(epsilon));
    code.add(VSQRTSS, lowest(sum), lowest(sum), lowest(sum));
    code.add(MOV_IMMEDIATE, RAX, ONE);
    code.add(VMOVQ, lowest(value), RAX);
    code.add(VDIVSS, lowest(value), lowest(value), lowest(sum));
    code.add(VBROADCASTSS, scale, lowest(value));
  }

  private void result() {
    VectorLoop loop = walk(R9, R10, R13);
    code.add(MOV, R10, RSI);
    code.add(MOV, R13, RDX);
    loop.forEach(
        "result",
        () -> {
          loop.load(value, R9);
          loop.load(gain, R10);
          code.add(VSUBPS, value, value, mean);
          code.add(VMULPS, value, value, scale);
          code.add(VMULPS, value, value, gain);
          loop.store(R13, value);
        });
  }

  /** A walk over the group, the sum empty. */
  private VectorLoop walk(General... pointers) {
    code.add(MOV, R9, RDI);
    code.add(MOV, RCX, R12);
    code.add(VPXOR, sum, sum, sum);
    return new VectorLoop(code, mask, pointers);
  }

  private static Vector lowest(Vector vector) {
    return vector.as(Vector.XMM);
  }

  private Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }
}
