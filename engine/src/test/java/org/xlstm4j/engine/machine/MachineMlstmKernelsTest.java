package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.MlstmTokens;
import org.xlstm4j.engine.tokens.Columns;

/** Heads of a layer give what each gives by one call of a kernel. */
@Tag("slow")
class MachineMlstmKernelsTest {
  /** Where the first head's memory begins. */
  private static final int START = 64;

  static List<Execution> natives() {
    return Execution.natives();
  }

  /** Operands grow and are used by smaller cells after; tall memories take several calls. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("natives")
  void headsAreIndependent(Execution execution) {
    MachineMlstmKernels kernels = MachineMlstmKernels.make(execution.code());
    MlstmTokens operands = new MlstmTokens();
    check(execution, kernels, operands, 1, 7, 16, 1);
    check(execution, kernels, operands, 3, 2100, 208, 4);
    check(execution, kernels, operands, 2, 5, 48, 2);
    check(execution, kernels, operands, 4, 4, 64, 3);
    check(execution, kernels, operands, 1, 140_000, 32, 1);
  }

  private static void check(
      Execution execution,
      MachineMlstmKernels kernels,
      MlstmTokens operands,
      int headCount,
      int keyWidth,
      int valueWidth,
      int tokens) {
    List<MatrixMemorySteps> heads = new ArrayList<>();
    for (int head = 0; head < headCount; head++) {
      // other numbers for each head, as random numbers depend on how many tokens there are
      MatrixMemorySteps more = MatrixMemorySteps.random(tokens + head, keyWidth, valueWidth);
      heads.add(more.some(0, tokens, more.memory));
    }
    Columns value = Columns.allocate(tokens, headCount * valueWidth);
    Columns h = Columns.allocate(tokens, headCount * valueWidth);
    // the last token first, as layers that walk backward have it
    Columns backward = h.reversed(tokens);
    operands.begin(tokens, headCount, keyWidth, value, valueWidth, backward);
    long memoryBytes = 4L * keyWidth * valueWidth;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(START + headCount * memoryBytes, 64);
      for (int head = 0; head < headCount; head++) {
        MatrixMemorySteps steps = heads.get(head);
        long at = START + head * memoryBytes;
        MemorySegment.copy(
            steps.memory, 0, memory, ValueLayout.JAVA_FLOAT, at, steps.memory.length);
        steps.fill(operands, head);
        for (int t = 0; t < tokens; t++) {
          int to = operands.valueAt(head, t);
          System.arraycopy(steps.value[t], 0, value.data(), to, valueWidth);
        }
      }
      for (int head = 0; head < headCount; head++) {
        long at = START + head * memoryBytes;
        kernels.matrixMemoryStep(operands, head, memory, at, 0, 16);
        kernels.matrixMemoryStep(operands, head, memory, at, 16, valueWidth);
      }
      for (int head = 0; head < headCount; head++) {
        MatrixMemorySteps.Outcome wanted = heads.get(head).take(execution, Room.behindLine(0));
        for (int t = 0; t < tokens; t++) {
          int from = backward.at(t) + head * valueWidth;
          float[] found = Arrays.copyOfRange(h.data(), from, from + valueWidth);
          assertArrayEquals(wanted.h[t], found, "head " + head + ", token " + t);
        }
        long at = START + head * memoryBytes;
        float[] c = memory.asSlice(at, memoryBytes).toArray(ValueLayout.JAVA_FLOAT);
        assertArrayEquals(wanted.memory, c, "head " + head);
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("natives")
  void nothingBesideTheOperandsIsTouched(Execution execution) {
    MachineMlstmKernels kernels = MachineMlstmKernels.make(execution.code());
    MlstmTokens operands = new MlstmTokens();
    Columns value = Columns.allocate(1, 32);
    operands.begin(1, 1, 3, value, 32, Columns.allocate(1, 32));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(4 * 3 * 32);
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.matrixMemoryStep(operands, 0, memory, 4, 0, 32));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.matrixMemoryStep(operands, 0, memory, 0, 0, 48));
      assertThrows(
          IllegalArgumentException.class,
          () -> kernels.matrixMemoryStep(operands, 0, memory, 0, 0, 24));
      operands.begin(1, 1, 3, value, 32, Columns.allocate(1, 31));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.matrixMemoryStep(operands, 0, memory, 0, 0, 32));
    }
  }
}
