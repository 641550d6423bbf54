package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.ScalarMlstmKernels;

/** Takes steps of a tiny matrix memory by new kernels and by the scalar ones, and compares. */
final class MatrixMemoryCheck {
  /** More than one group of rows and a rest. */
  private static final int KEYS = 7;

  private static final int VALUES = 2 * MatrixMemoryKernels.COLUMNS;

  private MatrixMemoryCheck() {}

  static boolean isRight(MatrixMemoryKernels kernels) {
    boolean right = true;
    for (int tokens = 1; tokens <= MlstmKernels.MAX_TOKENS; tokens++) {
      right &= isRight(kernels, tokens);
    }
    return right;
  }

  private static boolean isRight(MatrixMemoryKernels kernels, int tokens) {
    float[] key = Closeness.ramp(tokens * KEYS, 0.3f);
    float[] query = Closeness.ramp(tokens * KEYS, -0.2f);
    float[] value = Closeness.ramp(tokens * VALUES, 0.7f);
    float[] decay = {0.9f, 0.5f, 0.75f, 0.25f};
    float[] scale = {1.5f, 2, 0.5f, 3};
    float[] wanted = new float[tokens * VALUES];
    float[] found = new float[tokens * VALUES];
    MatrixMemoryBuffers buffers = kernels.newBuffers(1);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment expected = memory(arena);
      MemorySegment memory = memory(arena);
      buffers.reserve(1, KEYS, VALUES, tokens);
      buffers.putKeys(key, query);
      for (int token = 0; token < tokens; token++) {
        buffers.putValues(token, value, token * VALUES);
      }
      // the second time there are results already, which are not to be added to
      for (int time = 0; time < 2; time++) {
        new ScalarMlstmKernels()
            .matrixMemoryStep(
                expected, 0, KEYS, VALUES, 0, VALUES, tokens, decay, scale, 0, key, query, 0, KEYS,
                value, 0, VALUES, wanted, 0, VALUES);
        buffers.step(0, memory, 0, 0, 0, VALUES, decay, scale, 0);
      }
      for (int token = 0; token < tokens; token++) {
        buffers.copyResults(token, 0, 0, VALUES, found, token * VALUES);
      }
      return Closeness.areClose(wanted, found)
          && Closeness.areClose(
              expected.toArray(ValueLayout.JAVA_FLOAT), memory.toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  private static MemorySegment memory(Arena arena) {
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, Closeness.ramp(KEYS * VALUES, 0.1f));
  }
}
