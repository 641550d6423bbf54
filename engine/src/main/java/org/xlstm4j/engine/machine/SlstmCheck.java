package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;

/** Runs a tiny sLSTM by new kernels and by the scalar ones, and compares. */
final class SlstmCheck {
  private static final int INPUTS = 5;

  /** Panels computed together and one alone. */
  private static final int PANELS = 3;

  /** Whole vectors and a part of one, in which some normalizers are zero and others are not. */
  private static final int CHANNELS = 39;

  private SlstmCheck() {}

  static boolean isRight(SlstmKernels kernels) {
    SlstmKernels scalar = ScalarKernels.slstm();
    return Closeness.areClose(products(scalar), products(kernels))
        && Closeness.areClose(memory(scalar), memory(kernels));
  }

  private static float[] products(SlstmKernels kernels) {
    int width = PANELS * SlstmKernels.PANEL;
    float[] y = Closeness.ramp(INPUTS, 0.3f);
    float[] sums = Closeness.ramp(2 * width, 7);
    try (Arena arena = Arena.ofShared()) {
      // numbers of few bits, so that each half is a bfloat16
      MemorySegment weights =
          arena.allocateFrom(ValueLayout.JAVA_FLOAT, Closeness.ramp(INPUTS * width, 0.5f));
      kernels.recurrentF32(weights, 0, INPUTS, 0, PANELS, y, 0, sums, 0);
      MemorySegment pairs = arena.allocate(weights.byteSize() / 2, Integer.BYTES);
      for (long i = 0; i < pairs.byteSize() / Short.BYTES; i++) {
        int bits = weights.getAtIndex(ValueLayout.JAVA_INT, i);
        pairs.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> Short.SIZE));
      }
      kernels.recurrentBf16(pairs, 0, INPUTS, 0, PANELS, y, 0, sums, width);
    }
    return sums;
  }

  private static float[] memory(SlstmKernels kernels) {
    float[] gates = Closeness.ramp(4 * CHANNELS, 0.6f);
    float[] normalizer = new float[CHANNELS];
    float[] stabilizer = Closeness.ramp(CHANNELS, 0.2f);
    float[] cell = Closeness.ramp(CHANNELS, 0.4f);
    for (int channel = 0; channel < CHANNELS; channel++) {
      normalizer[channel] = channel % 3;
    }
    kernels.stabilizeGates(gates, 0, CHANNELS, normalizer, stabilizer, 0, CHANNELS);
    float[] exponents = gates.clone();
    // half of them are cut at one
    System.arraycopy(Closeness.ramp(2 * CHANNELS, 1), 0, gates, 0, 2 * CHANNELS);
    kernels.scalarMemoryStep(gates, 0, CHANNELS, cell, normalizer, 0, CHANNELS);
    return Closeness.joined(exponents, gates, normalizer, stabilizer, cell);
  }
}
