package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.MlstmKernels;

/**
 * The kernels for steps of matrix memories of all levels: interpreted ones and those of this
 * machine against their specification.
 */
@Tag("slow")
class MatrixMemoryTest {
  private static final Room ANYWHERE = Room.behindLine(4);
  private static final int[] KEY_WIDTHS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 32};
  private static final int[] VALUE_WIDTHS = {16, 32, 48, 256};

  /** Any order of magnitude whose products are still numbers. */
  private static final double[] SMALL = {
    0, -0.0, 1, -1, 0.3, Float.MIN_VALUE, -1000 * Float.MIN_VALUE, Float.MIN_NORMAL, -1e-20, 1e-30
  };

  /** Products overflow, and their sums may. */
  private static final double[] LARGE = {
    0, -0.0, 1, -1, 1e10, -1e19, 1.5e19, 1e30, Float.MAX_VALUE, -Float.MAX_VALUE
  };

  private static final double[] GATES = {0, 1, 0.5, Float.MIN_VALUE, Float.MIN_NORMAL, 1e-20};

  static List<Execution> executions() {
    return Execution.ofVectors();
  }

  @ParameterizedTest
  @MethodSource("executions")
  void stepsOfAllSizesAreTaken(Execution execution) {
    for (int keyWidth : KEY_WIDTHS) {
      for (int valueWidth : VALUE_WIDTHS) {
        for (int tokens = 1; tokens <= MlstmKernels.MAX_TOKENS; tokens++) {
          MatrixMemorySteps steps = MatrixMemorySteps.random(tokens, keyWidth, valueWidth);
          steps.check(steps.take(execution, ANYWHERE));
        }
      }
    }
  }

  /** No bit depends on how tokens are grouped into calls, nor on the bands of columns. */
  @ParameterizedTest
  @MethodSource("executions")
  void tokensAndColumnsAreIndependentOfWhatIsComputedTogether(Execution execution) {
    int[][] cuts = {{}, {16}, {32, 80}, {16, 32, 48, 64, 80}};
    for (int keyWidth : KEY_WIDTHS) {
      MatrixMemorySteps steps = MatrixMemorySteps.random(4, keyWidth, 96);
      for (int[] bands : cuts) {
        checkGroups(execution, steps, bands);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void smallNumbersAreTaken(Execution execution) {
    checkNumbers(execution, SMALL);
  }

  @ParameterizedTest
  @MethodSource("executions")
  void largeNumbersAreTaken(Execution execution) {
    checkNumbers(execution, LARGE);
  }

  /** In half of the rounds few of the numbers differ from zero. */
  private static void checkNumbers(Execution execution, double[] numbers) {
    Random random = new Random(7);
    for (int round = 0; round < 40; round++) {
      boolean sparse = round % 2 == 0;
      DoubleSupplier number =
          () -> sparse && random.nextInt(3) > 0 ? 0 : numbers[random.nextInt(numbers.length)];
      DoubleSupplier gate = () -> GATES[random.nextInt(GATES.length)];
      MatrixMemorySteps steps = MatrixMemorySteps.of(4, 1 + round % 9, 32, number, gate);
      steps.check(steps.take(execution, ANYWHERE));
      checkGroups(execution, steps);
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void aDecayOfOneKeepsWhatIsNotWritten(Execution execution) {
    Random random = new Random(8);
    MatrixMemorySteps steps =
        MatrixMemorySteps.of(4, 7, 32, () -> SMALL[1 + random.nextInt(SMALL.length - 1)], () -> 1);
    for (float[] key : steps.key) {
      key[2] = 0;
      key[5] = -0f;
    }
    float[] memory = steps.take(execution, ANYWHERE).memory;
    for (int row : new int[] {2, 5}) {
      for (int column = 0; column < 32; column++) {
        int at = row * 32 + column;
        // a negative zero may lose its sign
        assertEquals(steps.memory[at] + 0f, memory[at] + 0f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void aDecayOfZeroForgetsAll(Execution execution) {
    MatrixMemorySteps steps = MatrixMemorySteps.random(3, 6, 32);
    steps.decay[2] = 0;
    float[] memory = steps.take(execution, ANYWHERE).memory;
    for (int row = 0; row < 6; row++) {
      float[] wanted = new float[32];
      for (int column = 0; column < 32; column++) {
        wanted[column] = steps.key[2][row] * steps.value[2][column];
      }
      float[] found = Arrays.copyOfRange(memory, row * 32, (row + 1) * 32);
      assertArrayEquals(wanted, found, "row " + row);
    }
  }

  static List<Execution> onWindows() {
    return Execution.interpreted(Execution.Way.INTERPRETED_AS_ON_WINDOWS);
  }

  /** Arguments in other registers, and more registers that stay as they are. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("onWindows")
  void kernelsKeepTheConventionOfWindows(Execution execution) {
    for (int tokens = 1; tokens <= MlstmKernels.MAX_TOKENS; tokens++) {
      MatrixMemorySteps steps = MatrixMemorySteps.random(tokens, 7, 48);
      steps.check(steps.take(execution, ANYWHERE, 16));
    }
  }

  private static void checkGroups(Execution execution, MatrixMemorySteps steps, int... cuts) {
    MatrixMemorySteps.Outcome together = steps.take(execution, ANYWHERE);
    for (int[] groups : new int[][] {{4}, {1, 3}, {2, 2}, {3, 1}, {1, 1, 1, 1}}) {
      float[] memory = steps.memory;
      int token = 0;
      for (int count : groups) {
        MatrixMemorySteps some = steps.some(token, token + count, memory);
        MatrixMemorySteps.Outcome part = some.take(execution, ANYWHERE, cuts);
        for (float[] h : part.h) {
          assertArrayEquals(together.h[token], h, "h of token " + token);
          token++;
        }
        memory = part.memory;
      }
      assertArrayEquals(together.memory, memory, "C");
    }
  }
}
