package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * What the sLSTM does to each channel, as {@link org.xlstm4j.engine.kernels.SlstmKernels} defines
 * it. Operands: the input gates, and two of the state's arrays. The count is the number of
 * channels, the parameter the bytes from one gate to the next.
 */
final class NeonScalarMemory {
  private final A64Listing code = new A64Listing();
  private final ArmFunction function = ArmFunction.plain();

  private NeonScalarMemory() {
    function.enterArrays(code);
    code.add(ADD, X8, X0, X7);
  }

  /** Stabilizes gates. The second and third operand are n and m. */
  static A64Listing stabilizer() {
    return new NeonScalarMemory().stabilize();
  }

  /** Steps the memory. The second and third operand are c and n. */
  static A64Listing step() {
    return new NeonScalarMemory().makeStep();
  }

  private A64Listing stabilize() {
    A64Vector input = v(0);
    A64Vector kept = v(1);
    A64Vector next = v(2);
    A64Vector isStart = v(3);
    A64Vector minusOne = v(4);
    code.broadcast(minusOne, X9, -1);
    NeonLoop loop = new NeonLoop(code, X6, X0, X8, X1, X2);
    loop.forEach(
        "channels",
        () -> {
          loop.load(input, X0);
          loop.load(kept, X8);
          loop.load(next, X2);
          code.add(FADD, kept, kept, next);
          // n is never negative, so only the bits of zero are less than one
          loop.load(isStart, X1);
          code.add(ADD_LANES, isStart, isStart, minusOne);
          code.add(SSHR, isStart, isStart, Integer.SIZE - 1);
          code.add(FMAX, next, kept, input);
          code.add(BSL, isStart, input, next);
          code.add(FSUB, input, input, isStart);
          code.add(FSUB, kept, kept, isStart);
          loop.store(X0, input);
          loop.store(X8, kept);
          loop.store(X2, isStart);
        });
    function.leave(code);
    return code;
  }

  private A64Listing makeStep() {
    A64Vector input = v(0);
    A64Vector forget = v(1);
    A64Vector candidate = v(2);
    A64Vector output = v(3);
    A64Vector cell = v(4);
    A64Vector normalizer = v(5);
    A64Vector one = v(6);
    code.add(ADD, X9, X8, X7);
    code.add(ADD, X10, X9, X7);
    code.broadcast(one, X11, Float.floatToRawIntBits(1));
    NeonLoop loop = new NeonLoop(code, X6, X0, X8, X9, X10, X1, X2);
    loop.forEach(
        "channels",
        () -> {
          loop.load(input, X0);
          loop.load(forget, X8);
          loop.load(candidate, X9);
          loop.load(output, X10);
          loop.load(cell, X1);
          loop.load(normalizer, X2);
          code.add(FMIN, input, one, input);
          code.add(FMIN, forget, one, forget);
          code.add(FMUL, candidate, candidate, input);
          code.add(FMLA, candidate, cell, forget);
          code.add(FMLA, input, normalizer, forget);
          code.add(FMUL, output, output, candidate);
          code.add(FDIV, output, output, input);
          loop.store(X1, candidate);
          loop.store(X2, input);
          loop.store(X10, output);
        });
    function.leave(code);
    return code;
  }
}
