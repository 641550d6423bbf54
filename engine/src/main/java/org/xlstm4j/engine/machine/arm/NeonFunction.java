package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.ErrorFunction;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.FunctionNumbers;
import org.xlstm4j.engine.machine.code.MathConstants;
import org.xlstm4j.engine.machine.code.MathKernel;

/**
 * Functions of each element of an array, within two units in the last place. Operands: the table of
 * numbers, x, y. A gate is such a function times the element of another array; operands: x, what is
 * multiplied, y; the parameter is the table's address.
 *
 * <pre>
 * V0  x         V3 to V7    what a function needs
 * V1  e^...     V16         a number
 * V2  y         V17         1 / cap
 *               V18         the cap of tanh, which the parameter's upper half is
 * </pre>
 */
final class NeonFunction {
  private static final int SIGN = Integer.MIN_VALUE;
  private static final int ALL_LANES_SIGN = Integer.SIZE - 1;

  private final A64Listing code = new A64Listing();
  private final NeonNumbers numbers;
  private final A64Vector x = v(0);
  private final A64Vector e = v(1);
  private final A64Vector y = v(2);
  private final A64Vector number = v(16);
  private final A64Vector inverseCap = v(17);
  private final A64Vector cap = v(18);

  private NeonFunction(MathConstants table) {
    numbers = new NeonNumbers(code, table, X8);
  }

  /** The kernel of a function. */
  static A64Listing of(MathKernel function, MathConstants table) {
    return new NeonFunction(table).listing(function);
  }

  private A64Listing listing(MathKernel function) {
    ArmFunction kernel = ArmFunction.plain();
    kernel.enterArrays(code);
    switch (function) {
      case SIGMOID_GATE, SILU_GATE, GELU_GATE -> gate(function);
      default -> elements(function);
    }
    kernel.leave(code);
    return code;
  }

  private void elements(MathKernel function) {
    code.move(X8, X0);
    if (function == MathKernel.SOFT_CAP) {
      code.add(DUP_GENERAL, inverseCap, X7);
      code.add(LSR, X7, X7, Integer.SIZE);
      code.add(DUP_GENERAL, cap, X7);
    }
    NeonLoop loop = new NeonLoop(code, X6, X1, X2);
    loop.forEach(
        "elements",
        () -> {
          loop.load(x, X1);
          add(function);
          loop.store(X2, y);
        });
  }

  private void gate(MathKernel function) {
    A64Vector other = v(3);
    code.move(X8, X7);
    NeonLoop loop = new NeonLoop(code, X6, X0, X1, X2);
    loop.forEach(
        "elements",
        () -> {
          loop.load(x, X0);
          add(function);
          loop.load(other, X1);
          code.add(FMUL, y, y, other);
          loop.store(X2, y);
        });
  }

  private void add(MathKernel function) {
    switch (function) {
      case EXP -> {
        code.move(y, x);
        exponential(y);
      }
      case SIGMOID, SIGMOID_GATE -> sigmoid();
      case LOG_SIGMOID -> logSigmoid();
      case TANH -> tanh();
      case SILU, SILU_GATE -> silu();
      case GELU_GATE -> gelu();
      case SOFT_CAP -> {
        code.add(FMUL, x, x, inverseCap);
        tanh();
        code.add(FMUL, y, y, cap);
      }
      default -> throw new IllegalArgumentException(function + " is no function of one number");
    }
  }

  private void exponential(A64Vector argument) {
    NeonExponential.add(numbers, argument, v(3), v(4), number);
  }

  /** {@code e = exp(-factor |x|)}. */
  private void exponentialOfMagnitude(float factor) {
    code.add(FABS, e, x);
    numbers.load(number, -factor);
    code.add(FMUL, e, e, number);
    exponential(e);
  }

  /** {@code y = e} where x is negative, else 1. */
  private void chooseNumerator() {
    numbers.load(number, 1);
    code.add(SSHR, y, x, ALL_LANES_SIGN);
    code.add(BSL, y, e, number);
  }

  private void sigmoid() {
    exponentialOfMagnitude(1);
    chooseNumerator();
    divideBySum(1);
    code.add(FDIV, v(6), v(6), v(3));
    code.add(FADD, y, v(5), v(6));
  }

  /**
   * The quotient {@code y / (e + addend)}: register 3 is the sum, 5 the rounded quotient, 6 what is
   * missing to its product with the sum.
   */
  private void divideBySum(float addend) {
    A64Vector sum = v(3);
    A64Vector lost = v(4);
    A64Vector quotient = v(5);
    A64Vector rest = v(6);
    numbers.load(number, addend);
    code.add(FADD, sum, e, number);
    code.add(FSUB, lost, sum, number);
    code.add(FSUB, lost, e, lost);
    code.add(FDIV, quotient, y, sum);
    code.move(rest, y);
    code.add(FMLS, rest, quotient, sum);
    code.add(FMLS, rest, quotient, lost);
  }

  private void logSigmoid() {
    exponentialOfMagnitude(1);
    code.move(y, e);
    divideBySum(2);
    A64Vector s = v(5);
    A64Vector rest = v(6);
    A64Vector square = v(4);
    A64Vector small = v(2);
    code.add(FDIV, rest, rest, v(3));
    code.add(FMUL, square, s, s);
    numbers.polynomial(small, number, square, FunctionNumbers.logarithm());
    code.add(FMUL, small, small, square);
    code.add(FMLA, rest, small, s);
    // min(x, 0), NaN where x is
    code.clear(v(3));
    code.add(FMIN, v(3), v(3), x);
    code.add(FADD, s, s, s);
    code.add(FSUB, s, v(3), s);
    code.add(FADD, rest, rest, rest);
    code.add(FSUB, y, s, rest);
  }

  private void tanh() {
    exponentialOfMagnitude(2);
    A64Vector far = v(3);
    A64Vector square = v(4);
    A64Vector near = v(5);
    A64Vector result = v(6);
    numbers.load(number, 1);
    code.add(FADD, far, e, number);
    code.add(FADD, e, e, e);
    code.add(FDIV, e, e, far);
    code.add(FSUB, far, number, e);
    numbers.loadBits(number, SIGN);
    code.add(AND_LANES, y, x, number);
    code.add(EOR_LANES, far, far, y);
    code.add(FMUL, square, x, x);
    numbers.polynomial(near, number, square, FunctionNumbers.tanh());
    code.add(FMUL, near, near, square);
    code.move(result, x);
    code.add(FMLA, result, near, x);
    code.add(FABS, y, x);
    numbers.load(number, FunctionNumbers.NEAR_ZERO);
    code.add(FSUB, y, y, number);
    code.add(SSHR, y, y, ALL_LANES_SIGN);
    code.add(BSL, y, result, far);
  }

  private void silu() {
    exponentialOfMagnitude(1);
    chooseNumerator();
    A64Vector excess = v(7);
    A64Vector factor = v(5);
    code.move(factor, y);
    code.add(FMUL, y, y, x);
    code.move(excess, y);
    code.add(FMLS, excess, factor, x);
    divideBySum(1);
    code.add(FSUB, v(6), v(6), excess);
    code.add(FDIV, v(6), v(6), v(3));
    code.add(FADD, y, v(5), v(6));
  }

  private void gelu() {
    A64Vector z = v(5);
    A64Vector t = v(6);
    code.add(FABS, z, x);
    numbers.load(number, (float) Math.sqrt(0.5));
    code.add(FMUL, z, z, number);
    numbers.load(t, 0.5f);
    numbers.load(y, 1);
    code.move(number, y);
    code.add(FMLA, number, t, z);
    code.add(FDIV, t, y, number);
    int highest = ErrorFunction.degree();
    float[] coefficients = new float[highest + 1];
    for (int power = 0; power <= highest; power++) {
      coefficients[highest - power] = (float) ErrorFunction.coefficient(power);
    }
    numbers.polynomial(e, number, t, coefficients);
    code.add(FMLS, e, z, z);
    exponential(e);
    code.add(FMUL, e, e, t);
    code.add(FMUL, e, e, x);
    numbers.load(number, 0.5f);
    code.add(FMUL, e, e, number);
    // e where x is negative, else x - e
    code.add(FSUB, z, x, e);
    code.add(SSHR, y, x, ALL_LANES_SIGN);
    code.add(BSL, y, e, z);
  }
}
