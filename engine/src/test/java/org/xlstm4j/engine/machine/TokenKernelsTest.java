package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.TokenRows;

/** The kernels that bring tokens into the forms of products, against plain loops. */
class TokenKernelsTest {
  private static final List<MachineLevel> LEAST = List.of(MachineLevel.AVX2, MachineLevel.NEON);
  private static final Room ANYWHERE = Room.behindLine(4);

  /** These kernels are the same for all levels of an instruction set. */
  static List<Execution> executions() {
    List<Execution> executions = new ArrayList<>(Execution.natives().stream().limit(1).toList());
    for (Execution.Way way : Execution.Way.values()) {
      Execution.interpreted(way).stream()
          .filter(execution -> way != Execution.Way.NATIVE && LEAST.contains(execution.level()))
          .forEach(executions::add);
    }
    return executions;
  }

  @ParameterizedTest
  @MethodSource("executions")
  void quantizesAsDefined(Execution execution) {
    Random random = new Random(11);
    for (int blocks = 1; blocks <= 4; blocks++) {
      for (int count = 1; count <= 4; count++) {
        TestTokens tokens = TestTokens.random(count, 32 * blocks - random.nextInt(32));
        checkQuantized(execution, tokens);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void quantizesExtremesAsDefined(Execution execution) {
    float[] extremes = {
      0,
      -0f,
      1,
      -1,
      127,
      -127,
      0.5f,
      1.5f,
      -2.5f,
      126.5f,
      -125.5f,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.MIN_VALUE,
      0x1p-100f,
      0x0.fffffep-100f,
      -0x1p-101f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.intBitsToFloat(0xffc12345)
    };
    Random random = new Random(12);
    for (int i = 0; i < 400; i++) {
      float[] x = new float[32];
      int kinds = 1 + random.nextInt(3);
      int first = random.nextInt(extremes.length);
      for (int column = 0; column < 32; column++) {
        x[column] = extremes[(first + random.nextInt(kinds)) % extremes.length];
      }
      checkQuantized(execution, new TestTokens(x));
    }
  }

  /** Halves between two integers, and what rounding makes of them, at all magnitudes. */
  @ParameterizedTest
  @MethodSource("executions")
  void quantizesTiesAsDefined(Execution execution) {
    for (int exponent = -99; exponent <= 120; exponent += 3) {
      float[] x = new float[128];
      for (int i = 0; i < 128; i++) {
        x[i] = Math.scalb(i % 32 == 0 ? 127 : 0.5f * (i - 64), exponent);
      }
      checkQuantized(execution, new TestTokens(x));
    }
  }

  private static void checkQuantized(Execution execution, TestTokens tokens) {
    int blocks = PanelKernels.blocks(tokens.columns);
    MemorySegment values = tokens.plain(ANYWHERE);
    MemorySegment expected = tokens.quantized(ANYWHERE);
    MemorySegment found = ANYWHERE.take(expected.byteSize());
    Code quantizer = execution.listing(execution.code()::activationQuantizer);
    for (int t = 0; t < tokens.count(); t++) {
      execution.call(
          quantizer,
          List.of(values),
          List.of(found),
          values.address(),
          t * TokenRows.stride(tokens.columns),
          found.address() + 48L * t,
          blocks,
          48L * tokens.count(),
          0);
    }
    assertEquals(-1, expected.mismatch(found), () -> "first difference, in bytes");
  }

  @ParameterizedTest
  @MethodSource("executions")
  void splitsColumns(Execution execution) {
    Code splitter = execution.listing(execution.code()::columnSplitter);
    for (int columns = 1; columns <= 70; columns++) {
      TestTokens tokens = TestTokens.random(2, columns);
      MemorySegment values = tokens.plain(ANYWHERE);
      MemorySegment expected = tokens.split(ANYWHERE);
      MemorySegment found = ANYWHERE.take(expected.byteSize());
      long stride = expected.byteSize() / 4;
      for (int t = 0; t < 2; t++) {
        execution.call(
            splitter,
            List.of(values),
            List.of(found),
            values.address(),
            t * TokenRows.stride(columns),
            found.address() + 2L * t * stride,
            found.address() + (2L * t + 1) * stride,
            (columns + 15) / 16,
            0);
      }
      assertEquals(-1, expected.mismatch(found), () -> "first difference, in bytes");
    }
  }
}
