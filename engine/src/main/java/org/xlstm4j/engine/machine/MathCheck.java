package org.xlstm4j.engine.machine;

import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;

/** Computes a few numbers by new kernels and by the scalar ones, and compares. */
final class MathCheck {
  /** Several vectors of any size and a part of one. */
  private static final int LENGTH = 83;

  private static final MathKernels SCALAR = ScalarKernels.math();

  private final MathKernels kernels;
  private final float[] x = ramp(0.37f);
  private final float[] w = ramp(-0.21f);

  private MathCheck(MathKernels kernels) {
    this.kernels = kernels;
  }

  /** Something that fills an array. */
  private interface Work {
    void run(MathKernels kernels, float[] y);
  }

  static boolean isRight(MathKernels kernels) {
    MathCheck check = new MathCheck(kernels);
    return check.functions() && check.arithmetic() && check.norms();
  }

  private boolean functions() {
    return same((k, y) -> k.exp(x, 0, LENGTH, y, 0))
        && same((k, y) -> k.sigmoid(x, 0, LENGTH, y, 0))
        && same((k, y) -> k.logSigmoid(x, 0, LENGTH, y, 0))
        && same((k, y) -> k.tanh(x, 0, LENGTH, y, 0))
        && same((k, y) -> k.silu(x, 0, LENGTH, y, 0))
        && same((k, y) -> k.softCap(2, x.clone(), 0, LENGTH, y, 0))
        && same((k, y) -> k.sigmoidGate(x, 0, w, 0, LENGTH, y, 0))
        && same((k, y) -> k.siluGate(x, 0, w, 0, LENGTH, y, 0))
        && same((k, y) -> k.geluGate(x, 0, w, 0, LENGTH, y, 0));
  }

  private boolean arithmetic() {
    return same((k, y) -> k.multiply(x, 0, LENGTH, y, 0))
        && same((k, y) -> k.add(x, 0, LENGTH, y, 0))
        && same((k, y) -> k.scale(0.7f, y, 0, LENGTH))
        && same((k, y) -> k.multiplyAdd(w, 0, x, 0, 2, LENGTH / 2, y, 0));
  }

  private boolean norms() {
    return same((k, y) -> k.norm(x, 0, 2, LENGTH / 2, true, 0.1f, w, y, 0))
        && same((k, y) -> k.norm(x, 0, 2, LENGTH / 2, false, 0.1f, w, y, 0))
        && same((k, y) -> k.normalizerSteps(2, 2, 19, x.clone(), w, y));
  }

  /** Elements behind the last one must stay as they are. */
  private boolean same(Work work) {
    float[] wanted = ramp(0.11f);
    float[] found = ramp(0.11f);
    work.run(SCALAR, wanted);
    work.run(kernels, found);
    return Closeness.areClose(wanted, found);
  }

  private static float[] ramp(float start) {
    float[] values = new float[LENGTH + 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = start + (i * 29 % 83 - 41) / 8f;
    }
    return values;
  }
}
