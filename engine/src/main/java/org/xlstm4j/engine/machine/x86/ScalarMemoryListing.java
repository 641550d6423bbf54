package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.*;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * What the sLSTM does to each channel, as {@link org.xlstm4j.engine.kernels.SlstmKernels} defines
 * it. Operands: the input gates, and two of the state's arrays. The count is the number of
 * channels, the parameter the bytes from one gate to the next.
 */
final class ScalarMemoryListing {
  private final Listing code = new Listing();
  private final KernelFunction function = KernelFunction.saving();
  private final int vectorBytes;

  private ScalarMemoryListing(MachineLevel level) {
    this.vectorBytes = level.vectorBytes();
  }

  /** Stabilizes gates. The second and third operand are n and m. */
  static Listing stabilize(MachineLevel level) {
    return new ScalarMemoryListing(level).stabilize();
  }

  /** Steps the memory. The second and third operand are c and n. */
  static Listing step(MachineLevel level) {
    return new ScalarMemoryListing(level).step();
  }

  private Listing stabilize() {
    Vector input = vector(0);
    Vector kept = vector(1);
    Vector next = vector(2);
    Vector isStart = vector(3);
    Vector change = vector(4);
    Vector minusOne = vector(5);
    function.enterArrays(code);
    code.add(LEA, R9, RDI.memory(R8, 1));
    code.broadcast(minusOne, RAX, -1);
    VectorLoop loop = new VectorLoop(code, vector(15), RDI, R9, RSI, RDX);
    loop.forEach(
        "channels",
        () -> {
          loop.load(input, RDI);
          loop.load(kept, R9);
          loop.load(next, RDX);
          code.add(VADDPS, kept, kept, next);
          // n is never negative, so only the bits of zero are less than one
          loop.load(isStart, RSI);
          code.add(VPADDD, isStart, isStart, minusOne);
          code.add(VPSRAD, isStart, isStart, Integer.SIZE - 1);
          code.add(VMAXPS, next, kept, input);
          code.add(VPXOR, change, next, input);
          code.add(VPAND, change, change, isStart);
          code.add(VPXOR, next, next, change);
          code.add(VSUBPS, input, input, next);
          code.add(VSUBPS, kept, kept, next);
          loop.store(RDI, input);
          loop.store(R9, kept);
          loop.store(RDX, next);
        });
    function.leave(code);
    return code;
  }

  private Listing step() {
    Vector input = vector(0);
    Vector forget = vector(1);
    Vector candidate = vector(2);
    Vector output = vector(3);
    Vector cell = vector(4);
    Vector normalizer = vector(5);
    Vector one = vector(6);
    function.enterArrays(code);
    code.add(LEA, R9, RDI.memory(R8, 1));
    code.add(LEA, R10, RDI.memory(R8, 2));
    code.add(LEA, R8, R9.memory(R8, 2));
    code.broadcast(one, RAX, Float.floatToRawIntBits(1));
    VectorLoop loop = new VectorLoop(code, vector(15), RDI, R9, R10, R8, RSI, RDX);
    loop.forEach(
        "channels",
        () -> {
          loop.load(input, RDI);
          loop.load(forget, R9);
          loop.load(candidate, R10);
          loop.load(output, R8);
          loop.load(cell, RSI);
          loop.load(normalizer, RDX);
          // of two operands the second is taken where one is no number
          code.add(VMINPS, input, one, input);
          code.add(VMINPS, forget, one, forget);
          code.add(VMULPS, candidate, candidate, input);
          code.add(VFMADD213PS, cell, forget, candidate);
          code.add(VFMADD213PS, normalizer, forget, input);
          code.add(VMULPS, output, output, cell);
          code.add(VDIVPS, output, output, normalizer);
          loop.store(RSI, cell);
          loop.store(RDX, normalizer);
          loop.store(R8, output);
        });
    function.leave(code);
    return code;
  }

  private Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }
}
