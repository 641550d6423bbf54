package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.MlstmTokens;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.tokens.Columns;

/** Takes steps of a tiny matrix memory by new kernels and by the scalar ones, and compares. */
final class MatrixMemoryCheck {
  /** More than one group of rows and a rest. */
  private static final int KEYS = 7;

  private static final int VALUES = 2 * MachineMlstmKernels.COLUMNS;

  private MatrixMemoryCheck() {}

  static boolean isRight(MlstmKernels kernels) {
    MlstmKernels scalar = ScalarKernels.mlstm();
    boolean right = true;
    for (int tokens = 1; tokens <= MlstmKernels.MAX_TOKENS; tokens++) {
      right &= Closeness.areClose(steps(scalar, tokens), steps(kernels, tokens));
    }
    return right;
  }

  /** The memory and results after two steps of the same tokens. */
  private static float[] steps(MlstmKernels kernels, int count) {
    Columns value = new Columns(Closeness.ramp(count * VALUES, 0.7f), 0, VALUES);
    Columns h = Columns.allocate(count, VALUES);
    MlstmTokens tokens = new MlstmTokens();
    tokens.begin(count, 1, KEYS, value, VALUES, h);
    float[] decay = {0.9f, 0.5f, 0.75f, 0.25f};
    float[] scale = {1.5f, 2, 0.5f, 3};
    for (int token = 0; token < count; token++) {
      tokens.setGates(0, token, decay[token], scale[token]);
    }
    System.arraycopy(Closeness.ramp(count * KEYS, 0.3f), 0, tokens.keys(), 0, count * KEYS);
    System.arraycopy(Closeness.ramp(count * KEYS, -0.2f), 0, tokens.queries(), 0, count * KEYS);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory =
          arena.allocateFrom(ValueLayout.JAVA_FLOAT, Closeness.ramp(KEYS * VALUES, 0.1f));
      // the second time there are results already, which are not to be added to
      for (int time = 0; time < 2; time++) {
        kernels.matrixMemoryStep(tokens, 0, memory, 0, 0, VALUES);
      }
      return Closeness.joined(memory.toArray(ValueLayout.JAVA_FLOAT), h.data());
    }
  }
}
