package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.MlstmKernels;

/** Heads that share buffers give what each gives by one call of a kernel. */
class MatrixMemoryBuffersTest {
  /** Where the first head's memory begins. */
  private static final int START = 64;

  static List<Execution> natives() {
    return Execution.natives();
  }

  /** Buffers grow and are used by smaller cells after; tall memories take several calls. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("natives")
  void headsAreIndependent(Execution execution) {
    MatrixMemoryKernels kernels = MatrixMemoryKernels.make(execution.level());
    MatrixMemoryBuffers buffers = kernels.newBuffers(2);
    check(execution, buffers, 1, 7, 16, 1);
    check(execution, buffers, 3, 2100, 208, 4);
    check(execution, buffers, 2, 5, 48, 2);
    check(execution, buffers, 4, 4, 64, 3);
    check(execution, buffers, 1, 140_000, 32, 1);
  }

  private static void check(
      Execution execution,
      MatrixMemoryBuffers buffers,
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
    float[] key = new float[tokens * headCount * keyWidth];
    float[] query = new float[key.length];
    float[] value = new float[tokens * headCount * valueWidth];
    float[] decay = new float[headCount * MlstmKernels.MAX_TOKENS];
    float[] scale = new float[decay.length];
    long memoryBytes = 4L * keyWidth * valueWidth;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(START + headCount * memoryBytes, 64);
      for (int head = 0; head < headCount; head++) {
        MatrixMemorySteps steps = heads.get(head);
        long at = START + head * memoryBytes;
        MemorySegment.copy(
            steps.memory, 0, memory, ValueLayout.JAVA_FLOAT, at, steps.memory.length);
        for (int t = 0; t < tokens; t++) {
          int place = t * headCount + head;
          System.arraycopy(steps.key[t], 0, key, place * keyWidth, keyWidth);
          System.arraycopy(steps.query[t], 0, query, place * keyWidth, keyWidth);
          System.arraycopy(steps.value[t], 0, value, place * valueWidth, valueWidth);
          decay[head * MlstmKernels.MAX_TOKENS + t] = steps.decay[t];
          scale[head * MlstmKernels.MAX_TOKENS + t] = steps.scale[t];
        }
      }
      buffers.reserve(headCount, keyWidth, valueWidth, tokens);
      buffers.putKeys(key, query);
      for (int t = 0; t < tokens; t++) {
        buffers.putValues(t, value, t * headCount * valueWidth);
      }
      for (int head = 0; head < headCount; head++) {
        MatrixMemorySteps.Outcome wanted = heads.get(head).take(execution, Room.behindLine(0));
        long at = START + head * memoryBytes;
        int gates = head * MlstmKernels.MAX_TOKENS;
        buffers.step(0, memory, at, head, 0, 16, decay, scale, gates);
        buffers.step(1, memory, at, head, 16, valueWidth, decay, scale, gates);
        for (int t = 0; t < tokens; t++) {
          float[] h = new float[valueWidth];
          buffers.copyResults(t, head, 0, 16, h, 0);
          buffers.copyResults(t, head, 16, valueWidth, h, 16);
          assertArrayEquals(wanted.h[t], h, "head " + head + ", token " + t);
        }
        float[] c = memory.asSlice(at, memoryBytes).toArray(ValueLayout.JAVA_FLOAT);
        assertArrayEquals(wanted.memory, c, "head " + head);
      }
    }
  }
}
