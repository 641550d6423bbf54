package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.MathConstants;
import org.xlstm4j.engine.machine.code.MathKernel;

/** Kernels of elementwise functions and norms at all levels, over odd lengths. */
class MathListingTest {
  private static final double ROUNDING = 4e-7;

  static List<Execution> executions() {
    List<Execution> all = Execution.ofVectors();
    all.addAll(Execution.interpreted(Execution.Way.INTERPRETED_AS_ON_WINDOWS));
    return all;
  }

  @ParameterizedTest
  @MethodSource("executions")
  void computesOddLengths(Execution execution) {
    for (MathKernel kernel : ofRanges()) {
      for (int length : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 131}) {
        check(execution, kernel, length, Room.behindLine(4));
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void touchesNothingElse() {
    for (Room room : List.of(new GuardedRoom(false, 3), new GuardedRoom(true, 3))) {
      for (Execution execution : Execution.natives()) {
        for (MathKernel kernel : ofRanges()) {
          for (int length : new int[] {1, 5, 8, 13, 16, 24, 63, 64, 67, 200}) {
            check(execution, kernel, length, room);
          }
        }
      }
    }
  }

  /** A check that lets a missing instruction pass would let a wrong processor pass. */
  @Test
  void theCheckFindsMissingInstructions() {
    Execution execution = Execution.natives().getFirst();
    MathConstants numbers = new MathConstants();
    List<Code> right = new ArrayList<>();
    for (MathKernel kernel : MathKernel.values()) {
      right.add(execution.code().math(kernel, numbers));
    }
    MemorySegment table = numbers.memory();
    assertTrue(MathCheck.isRight(MachineMathKernels.of(right, table)));
    for (MathKernel kernel : MathKernel.values()) {
      List<Code> wrong = new ArrayList<>(right);
      int index = List.of(MathKernel.values()).indexOf(kernel);
      Code code = right.get(index);
      wrong.set(
          index, MissingInstruction.without(code, MissingInstruction.candidates(code).getLast()));
      assertFalse(
          MathCheck.isRight(MachineMathKernels.of(wrong, table)), "without a part of " + kernel);
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void normalizesGroups(Execution execution) {
    for (int width : new int[] {1, 5, 8, 16, 19, 64, 83}) {
      for (int groups : new int[] {1, 3}) {
        checkNorm(execution, groups, width, true, Room.behindLine(4));
        checkNorm(execution, groups, width, false, Room.behindLine(4));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void takesStepsOfNormalizers(Execution execution) {
    for (int width : new int[] {1, 7, 8, 16, 33, 96}) {
      checkNormalizer(execution, width, Room.behindLine(4));
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void addsRowsOfProducts(Execution execution) {
    for (int length : new int[] {1, 7, 8, 16, 33, 96}) {
      for (int rows : new int[] {1, 4}) {
        checkRowsOfProducts(execution, rows, length, Room.behindLine(4));
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void normsAndRowsTouchNothingElse() {
    for (Room room : List.of(new GuardedRoom(false, 3), new GuardedRoom(true, 3))) {
      for (Execution execution : Execution.natives()) {
        for (int width : new int[] {1, 5, 8, 24, 67}) {
          checkNorm(execution, 2, width, true, room);
          checkNorm(execution, 3, width, false, room);
          checkNormalizer(execution, width, room);
          checkRowsOfProducts(execution, 3, width, room);
        }
      }
    }
  }

  static void checkNorm(Execution execution, int groups, int width, boolean centered, Room room) {
    Random random = new Random(width);
    int length = groups * width;
    float[] x = floats(random, length);
    float[] gain = floats(random, length);
    float[] expected = new float[length];
    ScalarKernels.math().norm(x, 0, groups, width, centered, 1e-3f, gain, expected, 0);
    MemorySegment first = copy(room, x);
    MemorySegment second = copy(room, gain);
    MemorySegment third = copy(room, new float[length]);
    Code code =
        execution.listing(
            () ->
                execution
                    .code()
                    .math(
                        centered ? MathKernel.CENTERED_NORM : MathKernel.NORM,
                        new MathConstants()));
    execution.callArrays(
        code,
        List.of(first, second),
        List.of(third),
        List.of(first, second, third),
        width | (long) groups << 32,
        bits(1e-3f) | bits(1f / width) << 32);
    for (int i = 0; i < length; i++) {
      float found = third.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
      assertEquals(expected[i], found, 2e-6 * (1 + Math.abs(expected[i])), "at " + i);
    }
  }

  static void checkNormalizer(Execution execution, int width, Room room) {
    Random random = new Random(width);
    int heads = 2;
    int tokens = 3;
    float[] key = floats(random, heads * tokens * width);
    float[] query = floats(random, heads * tokens * width);
    float[] steps = floats(random, heads * (4 * tokens + width));
    MemorySegment first = copy(room, key);
    MemorySegment second = copy(room, query);
    MemorySegment third = copy(room, steps);
    Code code =
        execution.listing(() -> execution.code().math(MathKernel.NORMALIZER, new MathConstants()));
    execution.callArrays(
        code,
        List.of(second),
        List.of(first, third),
        List.of(first, second, third),
        width | (long) heads << 32,
        tokens);
    ScalarKernels.math().normalizerSteps(heads, tokens, width, key, query, steps);
    for (int i = 0; i < key.length; i++) {
      assertEquals(key[i], first.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i));
    }
    for (int i = 0; i < steps.length; i++) {
      float found = third.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
      assertEquals(steps[i], found, ROUNDING * (1 + width), "at " + i);
    }
  }

  /** The sums' order is that of the rows, so that a convolution's bits depend on nothing else. */
  static void checkRowsOfProducts(Execution execution, int rows, int length, Room room) {
    Random random = new Random(length);
    float[] w = floats(random, rows * length);
    float[] x = floats(random, rows * length);
    float[] y = floats(random, length);
    MemorySegment first = copy(room, w);
    MemorySegment second = copy(room, x);
    MemorySegment third = copy(room, y);
    Code code =
        execution.listing(
            () -> execution.code().math(MathKernel.ADD_PRODUCTS, new MathConstants()));
    execution.callArrays(
        code,
        List.of(first, second),
        List.of(third),
        List.of(first, second, third),
        length,
        length | (long) rows << 32);
    for (int i = 0; i < length; i++) {
      float expected = y[i];
      for (int row = 0; row < rows; row++) {
        expected = Math.fma(w[row * length + i], x[row * length + i], expected);
      }
      assertEquals(expected, third.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i), "at " + i);
    }
  }

  private static long bits(float number) {
    return Integer.toUnsignedLong(Float.floatToRawIntBits(number));
  }

  static void check(Execution execution, MathKernel kernel, int length, Room room) {
    Random random = new Random(length);
    MathConstants numbers = new MathConstants();
    Code code = execution.listing(() -> execution.code().math(kernel, numbers));
    MemorySegment table = numbers.memory();
    float[] first = floats(random, length);
    float[] second = floats(random, length);
    float[] third = floats(random, length);
    boolean isFunction = kernel.compareTo(MathKernel.SOFT_CAP) <= 0;
    MemorySegment a = isFunction ? table : copy(room, first);
    MemorySegment b = copy(room, isFunction ? first : second);
    MemorySegment c = copy(room, third);
    boolean isGate = kernel.name().endsWith("_GATE");
    long parameter = isGate ? table.address() : parameter(kernel);
    execution.callArrays(
        code, List.of(table), List.of(a, b, c), List.of(a, b, c), length, parameter);
    Expected expected = new Expected(kernel, first, second, third);
    MemorySegment changed = kernel == MathKernel.SCALE ? a : isFunction || isGate ? c : b;
    for (int i = 0; i < length; i++) {
      double wanted = expected.element(i);
      float found = changed.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
      assertEquals(wanted, found, ROUNDING * (1 + Math.abs(wanted)), kernel + " at " + i);
    }
  }

  /** Those whose operands are one range each; the others have tests of their own. */
  static List<MathKernel> ofRanges() {
    return Arrays.stream(MathKernel.values())
        .filter(kernel -> kernel.compareTo(MathKernel.NORM) < 0)
        .toList();
  }

  private static long parameter(MathKernel kernel) {
    long number = Integer.toUnsignedLong(Float.floatToRawIntBits(Expected.PARAMETER));
    return kernel == MathKernel.SOFT_CAP ? number | number << 32 : number;
  }

  private static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static MemorySegment copy(Room room, float[] values) {
    MemorySegment segment = room.take((long) values.length * Float.BYTES);
    MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
    return segment;
  }

  /** What a kernel is to compute, in double precision. */
  @SuppressWarnings("ArrayRecordComponent") // operands, not compared
  private record Expected(MathKernel kernel, float[] first, float[] second, float[] third) {
    static final float PARAMETER = 0.75f;

    double element(int i) {
      double x = first[i];
      return switch (kernel) {
        case EXP -> Math.exp(x);
        case SIGMOID -> sigmoid(x);
        case LOG_SIGMOID -> Math.log(sigmoid(x));
        case TANH -> Math.tanh(x);
        case SILU -> x * sigmoid(x);
        case SOFT_CAP -> PARAMETER * Math.tanh(x * PARAMETER);
        case SIGMOID_GATE -> sigmoid(x) * second[i];
        case SILU_GATE -> x * sigmoid(x) * second[i];
        case GELU_GATE -> gelu(x) * second[i];
        case MULTIPLY -> x * second[i];
        case ADD -> x + second[i];
        case SCALE -> PARAMETER * x;
        default -> throw new IllegalStateException();
      };
    }

    private static double sigmoid(double x) {
      return 1 / (1 + Math.exp(-x));
    }

    /** By the series of the error function, which converges everywhere. */
    private static double gelu(double x) {
      double z = x * Math.sqrt(0.5);
      double term = z;
      double sum = 0;
      for (int n = 0; n < 200; n++) {
        sum += term / (2 * n + 1);
        term *= -z * z / (n + 1);
      }
      return 0.5 * x * (1 + 2 / Math.sqrt(Math.PI) * sum);
    }
  }
}
