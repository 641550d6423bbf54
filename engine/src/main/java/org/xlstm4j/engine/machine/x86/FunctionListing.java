package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.R9;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.kernels.ErrorFunction;
import org.xlstm4j.engine.machine.code.FunctionNumbers;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.MathConstants;
import org.xlstm4j.engine.machine.code.MathKernel;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Functions of each element of an array, within two units in the last place. Operands: the table of
 * numbers, x, y. A gate is such a function times the element of another array; operands: x, what is
 * multiplied, y; the parameter is the table's address.
 *
 * <pre>
 * 0  x              3 to 8  what a function needs
 * 1  e^...          15      the mask of the last elements
 * 2  y              9       1 / cap
 *                   10      the cap of tanh, which the parameter's upper half is
 * </pre>
 */
final class FunctionListing {
  private static final int SIGN = Integer.MIN_VALUE;
  private static final int MAGNITUDE = Integer.MAX_VALUE;

  private final Listing code = new Listing();
  private final NumberOperands numbers;
  private final int vectorBytes;
  private final Vector x;
  private final Vector e;
  private final Vector y;
  private final Vector inverseCap;
  private final Vector cap;

  private FunctionListing(MachineLevel level, MathConstants numbers) {
    this.numbers = new NumberOperands(numbers, RDI);
    this.vectorBytes = level.vectorBytes();
    this.x = vector(0);
    this.e = vector(1);
    this.y = vector(2);
    this.inverseCap = vector(9);
    this.cap = vector(10);
  }

  /** The kernel of a function at a level, with the numbers at RDI. */
  static Listing of(MachineLevel level, MathKernel function, MathConstants numbers) {
    return new FunctionListing(level, numbers).listing(function);
  }

  private Listing listing(MathKernel function) {
    KernelFunction kernel = KernelFunction.saving();
    kernel.enterArrays(code);
    if (function == MathKernel.SOFT_CAP) {
      code.broadcast(inverseCap, R8);
      code.add(SHR, R8, Integer.SIZE);
      code.broadcast(cap, R8);
    }
    if (isGate(function)) {
      gate(function);
    } else {
      elements(function);
    }
    kernel.leave(code);
    return code;
  }

  private static boolean isGate(MathKernel function) {
    return switch (function) {
      case SIGMOID_GATE, SILU_GATE, GELU_GATE -> true;
      default -> false;
    };
  }

  private void elements(MathKernel function) {
    VectorLoop loop = new VectorLoop(code, vector(15), RSI, RDX);
    loop.forEach(
        "elements",
        () -> {
          loop.load(x, RSI);
          add(function);
          loop.store(RDX, y);
        });
  }

  private void gate(MathKernel function) {
    Vector other = vector(3);
    code.add(MOV, R9, RDI);
    code.add(MOV, RDI, R8);
    VectorLoop loop = new VectorLoop(code, vector(15), R9, RSI, RDX);
    loop.forEach(
        "elements",
        () -> {
          loop.load(x, R9);
          add(function);
          loop.load(other, RSI);
          code.add(VMULPS, y, y, other);
          loop.store(RDX, y);
        });
  }

  private void add(MathKernel function) {
    switch (function) {
      case EXP -> {
        code.add(VMOVUPS, y, x);
        Exponential.add(code, numbers, y, vector(3), vector(4));
      }
      case SIGMOID, SIGMOID_GATE -> sigmoid();
      case LOG_SIGMOID -> logSigmoid();
      case TANH -> tanh();
      case SILU, SILU_GATE -> silu();
      case GELU_GATE -> gelu();
      case SOFT_CAP -> {
        code.add(VMULPS, x, x, inverseCap);
        tanh();
        code.add(VMULPS, y, y, cap);
      }
      default -> throw new IllegalArgumentException(function + " is no function of one number");
    }
  }

  /** {@code e = exp(-factor |x|)}. */
  private void exponentialOfMagnitude(float factor) {
    code.add(VPAND, e, x, numbers.ofBits(MAGNITUDE));
    code.add(VMULPS, e, e, numbers.of(-factor));
    Exponential.add(code, numbers, e, vector(3), vector(4));
  }

  /** {@code y = e} where x is negative, else 1. */
  private void chooseNumerator() {
    code.add(VPSRAD, vector(3), x, 31);
    code.add(VPXOR, y, e, numbers.of(1));
    code.add(VPAND, y, y, vector(3));
    code.add(VPXOR, y, y, numbers.of(1));
  }

  private void sigmoid() {
    exponentialOfMagnitude(1);
    chooseNumerator();
    divideBySum(1);
    code.add(VDIVPS, vector(6), vector(6), vector(3));
    code.add(VADDPS, y, vector(5), vector(6));
  }

  /**
   * The quotient {@code y / (e + addend)}: register 3 is the sum, 5 the rounded quotient, 6 what is
   * missing to its product with the sum.
   */
  private void divideBySum(float addend) {
    Vector sum = vector(3);
    Vector lost = vector(4);
    Vector quotient = vector(5);
    Vector rest = vector(6);
    code.add(VADDPS, sum, e, numbers.of(addend));
    code.add(VSUBPS, lost, sum, numbers.of(addend));
    code.add(VSUBPS, lost, e, lost);
    code.add(VDIVPS, quotient, y, sum);
    code.add(VMOVUPS, rest, y);
    code.add(VFNMADD231PS, rest, quotient, sum);
    code.add(VFNMADD231PS, rest, quotient, lost);
  }

  private void logSigmoid() {
    exponentialOfMagnitude(1);
    code.add(VMOVUPS, y, e);
    divideBySum(2);
    Vector s = vector(5);
    Vector rest = vector(6);
    Vector square = vector(4);
    Vector small = vector(2);
    code.add(VDIVPS, rest, rest, vector(3));
    code.add(VMULPS, square, s, s);
    numbers.polynomial(code, small, square, FunctionNumbers.logarithm());
    code.add(VMULPS, small, small, square);
    code.add(VFMADD213PS, small, s, rest);
    // min(x, 0), NaN where x is
    code.add(VPXOR, vector(3), vector(3), vector(3));
    code.add(VMINPS, vector(3), vector(3), x);
    code.add(VADDPS, s, s, s);
    code.add(VSUBPS, s, vector(3), s);
    code.add(VADDPS, small, small, small);
    code.add(VSUBPS, y, s, small);
  }

  private void tanh() {
    exponentialOfMagnitude(2);
    Vector far = vector(3);
    Vector square = vector(4);
    Vector near = vector(5);
    code.add(VADDPS, far, e, numbers.of(1));
    code.add(VADDPS, e, e, e);
    code.add(VDIVPS, e, e, far);
    code.add(VMOVUPS, far, numbers.of(1));
    code.add(VSUBPS, far, far, e);
    code.add(VPAND, y, x, numbers.ofBits(SIGN));
    code.add(VPXOR, far, far, y);
    code.add(VMULPS, square, x, x);
    numbers.polynomial(code, near, square, FunctionNumbers.tanh());
    code.add(VMULPS, near, near, square);
    code.add(VFMADD213PS, near, x, x);
    code.add(VPAND, y, x, numbers.ofBits(MAGNITUDE));
    code.add(VSUBPS, y, y, numbers.of(FunctionNumbers.NEAR_ZERO));
    code.add(VPSRAD, y, y, 31);
    code.add(VPXOR, near, near, far);
    code.add(VPAND, near, near, y);
    code.add(VPXOR, y, near, far);
  }

  private void silu() {
    exponentialOfMagnitude(1);
    chooseNumerator();
    Vector factor = vector(7);
    Vector excess = vector(8);
    code.add(VMOVUPS, factor, y);
    code.add(VMULPS, y, y, x);
    code.add(VMOVUPS, excess, y);
    code.add(VFNMADD231PS, excess, factor, x);
    divideBySum(1);
    code.add(VSUBPS, vector(6), vector(6), excess);
    code.add(VDIVPS, vector(6), vector(6), vector(3));
    code.add(VADDPS, y, vector(5), vector(6));
  }

  private void gelu() {
    Vector z = vector(5);
    Vector t = vector(6);
    code.add(VPAND, z, x, numbers.ofBits(MAGNITUDE));
    code.add(VMULPS, z, z, numbers.of((float) Math.sqrt(0.5)));
    code.add(VMOVUPS, y, numbers.of(1));
    code.add(VMOVUPS, t, numbers.of(0.5f));
    code.add(VFMADD213PS, t, z, numbers.of(1));
    code.add(VDIVPS, t, y, t);
    int highest = ErrorFunction.degree();
    code.add(VMOVUPS, e, numbers.of((float) ErrorFunction.coefficient(highest)));
    for (int power = highest - 1; power >= 0; power--) {
      code.add(VFMADD213PS, e, t, numbers.of((float) ErrorFunction.coefficient(power)));
    }
    code.add(VFNMADD231PS, e, z, z);
    Exponential.add(code, numbers, e, vector(3), vector(4));
    code.add(VMULPS, e, e, t);
    code.add(VMULPS, e, e, x);
    code.add(VMULPS, e, e, numbers.of(0.5f));
    // e where x is negative, else x - e
    code.add(VSUBPS, z, x, e);
    code.add(VPSRAD, t, x, 31);
    code.add(VPXOR, y, e, z);
    code.add(VPAND, y, y, t);
    code.add(VPXOR, y, y, z);
  }

  private Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }
}
