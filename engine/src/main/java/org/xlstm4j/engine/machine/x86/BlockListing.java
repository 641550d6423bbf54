package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.*;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Products with block-diagonal weights, as {@link org.xlstm4j.engine.kernels.BlockKernels} defines
 * them. Operands: the weights of input 0 at the first output, the first input, the first output.
 * The count is the number of outputs.
 */
final class BlockListing {
  /** Outputs whose sums are in registers together. */
  private static final int TOGETHER = 64;

  private final Listing code = new Listing();
  private final KernelFunction function = KernelFunction.saving();
  private final int vectorBytes;

  private BlockListing(int vectorBytes) {
    this.vectorBytes = vectorBytes;
  }

  /** Blocks of four. The parameter is the bytes from one input's weights to the next. */
  static Listing fours(MachineLevel level) {
    return new BlockListing(level.vectorBytes()).fours();
  }

  /**
   * Outputs of one block, whole vectors. The parameter is as in {@link KernelCode#wideBlocks}.
   *
   * <pre>
   * RDI  weights, these outputs   RCX  outputs to come   R10  weights, this input
   * RSI  inputs                   R8   inputs            R11  this input
   * RDX  outputs                  R9   bytes between     RAX  inputs to come
   *                                    inputs' weights
   * </pre>
   */
  static Listing wide(int vectorBytes) {
    return new BlockListing(vectorBytes).wide();
  }

  private Listing fours() {
    General[] weights = {RDI, R9, R10, R8};
    Vector inputs = vector(0);
    Vector repeated = vector(1);
    Vector weight = vector(2);
    Vector sum = vector(3);
    function.enterArrays(code);
    code.add(LEA, R9, RDI.memory(R8, 1));
    code.add(LEA, R10, RDI.memory(R8, 2));
    code.add(LEA, R8, R9.memory(R8, 2));
    VectorLoop loop = new VectorLoop(code, vector(15), RDI, R9, R10, R8, RSI, RDX);
    loop.forEach(
        "outputs",
        () -> {
          loop.load(inputs, RSI);
          for (int input = 0; input < weights.length; input++) {
            // this input of each block in all its lanes
            code.add(VPSHUFD, repeated, inputs, input * 0b01010101);
            loop.load(weight, weights[input]);
            if (input == 0) {
              code.add(VMULPS, sum, repeated, weight);
            } else {
              code.add(VFMADD231PS, sum, repeated, weight);
            }
          }
          loop.store(RDX, sum);
        });
    function.leave(code);
    return code;
  }

  private Listing wide() {
    function.enterArrays(code);
    code.add(MOV, R9, R8);
    code.add(SHL, R9, Integer.SIZE);
    code.add(SHR, R9, Integer.SIZE - Integer.numberOfTrailingZeros(Float.BYTES));
    code.add(SHR, R8, Integer.SIZE);
    outputs(TOGETHER * Float.BYTES / vectorBytes);
    outputs(1);
    function.leave(code);
    return code;
  }

  /** All outputs that are left, so many vectors at a time. */
  private void outputs(int vectors) {
    int count = vectors * vectorBytes / Float.BYTES;
    Label next = new Label("next_" + vectors);
    Label inputs = new Label("inputs_" + vectors);
    Label done = new Label("done_" + vectors);
    Vector input = vector(vectors);
    code.place(next);
    code.add(CMP_IMMEDIATE, RCX, count);
    code.add(JB, done);
    for (int i = 0; i < vectors; i++) {
      code.add(VPXOR, vector(i), vector(i), vector(i));
    }
    code.add(MOV, R10, RDI);
    code.add(MOV, R11, RSI);
    code.add(MOV, RAX, R8);
    code.place(inputs);
    code.add(VBROADCASTSS, input, R11.memory());
    for (int i = 0; i < vectors; i++) {
      code.add(VFMADD231PS, vector(i), input, R10.memory(i * vectorBytes));
    }
    code.add(ADD, R10, R9);
    code.add(ADD_IMMEDIATE, R11, Float.BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, inputs);
    for (int i = 0; i < vectors; i++) {
      code.add(VMOVUPS, RDX.memory(i * vectorBytes), vector(i));
    }
    code.add(ADD_IMMEDIATE, RDI, vectors * vectorBytes);
    code.add(ADD_IMMEDIATE, RDX, vectors * vectorBytes);
    code.add(SUB_IMMEDIATE, RCX, count);
    code.add(JMP, next);
    code.place(done);
  }

  private Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }
}
