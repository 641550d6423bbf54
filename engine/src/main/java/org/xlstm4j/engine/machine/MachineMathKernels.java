package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.MathConstants;
import org.xlstm4j.engine.machine.code.MathKernel;

/**
 * {@link MathKernels} as machine code: fast from the first call on. Errors are bounded as those of
 * the Vector API's; results below the smallest normal number are right too. Immutable and
 * thread-safe.
 */
public final class MachineMathKernels implements MathKernels {
  /** Most elements of a call, which holds up garbage collection: 100 microseconds or less. */
  private static final int PIECE = 1 << 15;

  private final MemorySegment[] codes;
  private final MemorySegment numbers;

  private MachineMathKernels(MemorySegment[] codes, MemorySegment numbers) {
    this.codes = codes;
    this.numbers = numbers;
  }

  static MachineMathKernels make(KernelCode code) {
    MathConstants numbers = new MathConstants();
    List<Code> listings = new ArrayList<>();
    for (MathKernel kernel : MathKernel.values()) {
      listings.add(code.math(kernel, numbers));
    }
    return of(listings, numbers.memory());
  }

  /** Of the code of all kernels, and of their numbers. */
  static MachineMathKernels of(List<? extends Code> listings, MemorySegment numbers) {
    return new MachineMathKernels(CodeMemory.executable(listings), numbers);
  }

  @SuppressWarnings("EnumOrdinal") // the cheapest map, also while the JVM is cold
  private MemorySegment code(MathKernel kernel) {
    return codes[kernel.ordinal()];
  }

  @Override
  public void exp(float[] x, int xOffset, int length, float[] y, int yOffset) {
    apply(MathKernel.EXP, x, xOffset, length, y, yOffset, 0);
  }

  @Override
  public void sigmoid(float[] x, int xOffset, int length, float[] y, int yOffset) {
    apply(MathKernel.SIGMOID, x, xOffset, length, y, yOffset, 0);
  }

  @Override
  public void logSigmoid(float[] x, int xOffset, int length, float[] y, int yOffset) {
    apply(MathKernel.LOG_SIGMOID, x, xOffset, length, y, yOffset, 0);
  }

  @Override
  public void tanh(float[] x, int xOffset, int length, float[] y, int yOffset) {
    apply(MathKernel.TANH, x, xOffset, length, y, yOffset, 0);
  }

  @Override
  public void silu(float[] x, int xOffset, int length, float[] y, int yOffset) {
    apply(MathKernel.SILU, x, xOffset, length, y, yOffset, 0);
  }

  @Override
  public void sigmoidGate(
      float[] gate, int gateOffset, float[] x, int xOffset, int length, float[] y, int yOffset) {
    gate(MathKernel.SIGMOID_GATE, gate, gateOffset, x, xOffset, length, y, yOffset);
  }

  @Override
  public void siluGate(
      float[] gate, int gateOffset, float[] x, int xOffset, int length, float[] y, int yOffset) {
    gate(MathKernel.SILU_GATE, gate, gateOffset, x, xOffset, length, y, yOffset);
  }

  @Override
  public void geluGate(
      float[] gate, int gateOffset, float[] x, int xOffset, int length, float[] y, int yOffset) {
    gate(MathKernel.GELU_GATE, gate, gateOffset, x, xOffset, length, y, yOffset);
  }

  @Override
  public void multiply(float[] x, int xOffset, int length, float[] y, int yOffset) {
    pairs(MathKernel.MULTIPLY, x, xOffset, length, y, yOffset, 0);
  }

  @Override
  public void scale(float factor, float[] x, int xOffset, int length) {
    Objects.checkFromIndexSize(xOffset, length, x.length);
    MemorySegment code = code(MathKernel.SCALE);
    for (int i = 0; i < length; i += PIECE) {
      int count = Math.min(PIECE, length - i);
      ArrayCall.call(code, x, at(xOffset + i), x, 0, x, 0, count, bits(factor));
    }
  }

  @Override
  public void add(float[] x, int xOffset, int length, float[] y, int yOffset) {
    pairs(MathKernel.ADD, x, xOffset, length, y, yOffset, 0);
  }

  @Override
  public void multiplyAdd(
      float[] w,
      int wOffset,
      float[] x,
      int xOffset,
      int rows,
      int length,
      float[] y,
      int yOffset) {
    Objects.checkFromIndexSize(wOffset, Math.multiplyExact(rows, length), w.length);
    Objects.checkFromIndexSize(xOffset, Math.multiplyExact(rows, length), x.length);
    Objects.checkFromIndexSize(yOffset, length, y.length);
    MemorySegment code = code(MathKernel.ADD_PRODUCTS);
    long parameter = length | (long) rows << Integer.SIZE;
    int piece = Math.max(PIECE / rows, 1);
    for (int i = 0; i < length; i += piece) {
      int count = Math.min(piece, length - i);
      ArrayCall.call(
          code, w, at(wOffset + i), x, at(xOffset + i), y, at(yOffset + i), count, parameter);
    }
  }

  @Override
  public void norm(
      float[] x,
      int xOffset,
      int groups,
      int width,
      boolean centered,
      float epsilon,
      float[] gain,
      float[] y,
      int yOffset) {
    int length = Math.multiplyExact(groups, width);
    Objects.checkFromIndexSize(xOffset, length, x.length);
    Objects.checkFromIndexSize(0, length, gain.length);
    Objects.checkFromIndexSize(yOffset, length, y.length);
    ArrayCall.call(
        code(centered ? MathKernel.CENTERED_NORM : MathKernel.NORM),
        x,
        at(xOffset),
        gain,
        0,
        y,
        at(yOffset),
        width | (long) groups << Integer.SIZE,
        bits(epsilon) | bits(1f / width) << Integer.SIZE);
  }

  @Override
  public void normalizerSteps(
      int heads, int tokens, int width, float[] keys, float[] queries, float[] steps) {
    int length = Math.multiplyExact(Math.multiplyExact(heads, tokens), width);
    int places = heads * tokens * KernelCode.NORMALIZER_STEP_BYTES / Float.BYTES;
    Objects.checkFromIndexSize(0, length, keys.length);
    Objects.checkFromIndexSize(0, length, queries.length);
    Objects.checkFromIndexSize(places, heads * width, steps.length);
    ArrayCall.call(
        code(MathKernel.NORMALIZER),
        keys,
        0,
        queries,
        0,
        steps,
        0,
        width | (long) heads << Integer.SIZE,
        tokens);
  }

  @Override
  public void softCap(float cap, float[] x, int xOffset, int length, float[] y, int yOffset) {
    long parameter = bits(1 / cap) | bits(cap) << Integer.SIZE;
    apply(MathKernel.SOFT_CAP, x, xOffset, length, y, yOffset, parameter);
  }

  private void apply(
      MathKernel kernel,
      float[] x,
      int xOffset,
      int length,
      float[] y,
      int yOffset,
      long parameter) {
    Objects.checkFromIndexSize(xOffset, length, x.length);
    Objects.checkFromIndexSize(yOffset, length, y.length);
    MemorySegment code = code(kernel);
    for (int i = 0; i < length; i += PIECE) {
      int count = Math.min(PIECE, length - i);
      ArrayCall.call(code, numbers, 0, x, at(xOffset + i), y, at(yOffset + i), count, parameter);
    }
  }

  private void pairs(
      MathKernel kernel,
      float[] x,
      int xOffset,
      int length,
      float[] y,
      int yOffset,
      long parameter) {
    Objects.checkFromIndexSize(xOffset, length, x.length);
    Objects.checkFromIndexSize(yOffset, length, y.length);
    MemorySegment code = code(kernel);
    for (int i = 0; i < length; i += PIECE) {
      int count = Math.min(PIECE, length - i);
      ArrayCall.call(code, x, at(xOffset + i), y, at(yOffset + i), y, 0, count, parameter);
    }
  }

  private void gate(
      MathKernel kernel,
      float[] gate,
      int gateOffset,
      float[] x,
      int xOffset,
      int length,
      float[] y,
      int yOffset) {
    Objects.checkFromIndexSize(gateOffset, length, gate.length);
    Objects.checkFromIndexSize(xOffset, length, x.length);
    Objects.checkFromIndexSize(yOffset, length, y.length);
    MemorySegment code = code(kernel);
    for (int i = 0; i < length; i += PIECE) {
      int count = Math.min(PIECE, length - i);
      ArrayCall.call(
          code,
          gate,
          at(gateOffset + i),
          x,
          at(xOffset + i),
          y,
          at(yOffset + i),
          count,
          numbers.address());
    }
  }

  private static long at(int index) {
    return (long) index * Float.BYTES;
  }

  private static long bits(float number) {
    return Integer.toUnsignedLong(Float.floatToRawIntBits(number));
  }
}
