package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.*;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.kernels.Bfloat16;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * The sLSTM's recurrent products of some panels, as {@link SlstmKernels} defines them. Operands:
 * the weights at the first of the panels, y, the sums of the first of the panels. The count is the
 * number of inputs, the parameter that of panels.
 *
 * <p>All sums of a panel stay in registers while its inputs are walked. Eight sums at least are
 * independent of each other, which hides the latency of multiply-adds: a panel of eight vectors, or
 * two panels of four. Each sum is added in the order of the inputs, so that results do not depend
 * on which panels are computed together.
 *
 * <pre>
 * RDI  weights, this input      RCX  inputs            R9   bytes of a panel
 * RSI  y                        R8   panels to come    R10  y, this input
 * RDX  sums                                            RAX  inputs to come
 * </pre>
 */
final class RecurrentListing {
  private static final int SUM_BYTES = SlstmKernels.PANEL * Float.BYTES;

  /** Lanes of weights that are stored together with those of the next so many outputs. */
  private static final int PAIRED = 16;

  private final Listing code = new Listing();
  private final int vectorBytes;
  private final boolean halves;

  private RecurrentListing(MachineLevel level, boolean halves) {
    this.vectorBytes = level.vectorBytes();
    this.halves = halves;
  }

  /** Of weights of 32 bits. */
  static Listing f32(MachineLevel level) {
    return new RecurrentListing(level, false).listing();
  }

  /** Of weights in bfloat16. */
  static Listing bf16(MachineLevel level) {
    return new RecurrentListing(level, true).listing();
  }

  private Listing listing() {
    KernelFunction function = KernelFunction.saving();
    function.enterArrays(code);
    code.add(MOV, R9, RCX);
    code.add(SHL, R9, Integer.numberOfTrailingZeros(inputBytes()));
    if (halves) {
      code.broadcast(upper(), RAX, Bfloat16.HIGH_HALF);
    }
    if (vectorBytes == Vector.ZMM) {
      panels(2);
    }
    panels(1);
    function.leave(code);
    return code;
  }

  /** All panels that are left, so many at a time. */
  private void panels(int together) {
    Label next = new Label("next_" + together);
    Label inputs = new Label("inputs_" + together);
    Label done = new Label("done_" + together);
    code.place(next);
    code.add(CMP_IMMEDIATE, R8, together);
    code.add(JB, done);
    for (int i = 0; i < together * vectors(); i++) {
      code.add(VPXOR, vector(i), vector(i), vector(i));
    }
    code.add(MOV, R10, RSI);
    code.add(MOV, RAX, RCX);
    code.place(inputs);
    code.add(VBROADCASTSS, factor(), R10.memory());
    for (int panel = 0; panel < together; panel++) {
      input(panel, panel == 0 ? RDI.memory() : RDI.memory(R9, panel));
    }
    code.add(ADD_IMMEDIATE, RDI, inputBytes());
    code.add(ADD_IMMEDIATE, R10, Float.BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, inputs);
    for (int i = 0; i < together * vectors(); i++) {
      code.add(VMOVUPS, RDX.memory(i * vectorBytes), vector(i));
    }
    for (int panel = 1; panel < together; panel++) {
      code.add(ADD, RDI, R9);
    }
    code.add(ADD_IMMEDIATE, RDX, together * SUM_BYTES);
    code.add(SUB_IMMEDIATE, R8, together);
    code.add(JMP, next);
    code.place(done);
  }

  /** Adds the products of one input to a panel's sums. */
  private void input(int panel, Memory weights) {
    if (!halves) {
      for (int i = 0; i < vectors(); i++) {
        code.add(VFMADD231PS, sum(panel, i), factor(), weights.plus(i * vectorBytes));
      }
      return;
    }
    int lanes = vectorBytes / Float.BYTES;
    for (int pair = 0; pair < SlstmKernels.PANEL / 2; pair += lanes) {
      int output = pair / PAIRED * 2 * PAIRED + pair % PAIRED;
      code.add(VMOVDQU, pairs(), weights.plus(pair * Integer.BYTES));
      code.add(VPSLLD, lower(), pairs(), Short.SIZE);
      code.add(VPAND, pairs(), pairs(), upper());
      code.add(VFMADD231PS, sum(panel, output / lanes), factor(), lower());
      code.add(VFMADD231PS, sum(panel, (output + PAIRED) / lanes), factor(), pairs());
    }
  }

  private int inputBytes() {
    return SlstmKernels.PANEL * (halves ? Short.BYTES : Float.BYTES);
  }

  /** Vectors of a panel's sums. */
  private int vectors() {
    return SUM_BYTES / vectorBytes;
  }

  private Vector sum(int panel, int index) {
    return vector(panel * vectors() + index);
  }

  private Vector factor() {
    return vector(8);
  }

  private Vector pairs() {
    return vector(9);
  }

  private Vector lower() {
    return vector(10);
  }

  /** What keeps the upper halves of lanes. */
  private Vector upper() {
    return vector(11);
  }

  private Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }
}
