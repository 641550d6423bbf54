package org.xlstm4j.engine.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link GridKernels} with the Vector API: lanes are channels. The three weights stay in registers
 * while a row is walked, and so do the three tokens under them: each token is loaded once.
 */
public final class VectorGridKernels implements GridKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();

  @Override
  public void addRow(
      float[] x,
      int xOffset,
      int xStride,
      int length,
      int channels,
      float[] w,
      int wOffset,
      float[] y,
      int yOffset,
      int yStride) {
    int bound = F.loopBound(channels);
    for (int c = 0; c < bound; c += LANES) {
      FloatVector w0 = FloatVector.fromArray(F, w, wOffset + c);
      FloatVector w1 = FloatVector.fromArray(F, w, wOffset + channels + c);
      FloatVector w2 = FloatVector.fromArray(F, w, wOffset + 2 * channels + c);
      FloatVector before = FloatVector.zero(F);
      FloatVector here = FloatVector.fromArray(F, x, xOffset + c);
      int last = length - 1;
      for (int q = 0; q < last; q++) {
        FloatVector next = FloatVector.fromArray(F, x, xOffset + (q + 1) * xStride + c);
        int to = yOffset + q * yStride + c;
        FloatVector sum = before.fma(w0, FloatVector.fromArray(F, y, to));
        next.fma(w2, here.fma(w1, sum)).intoArray(y, to);
        before = here;
        here = next;
      }
      int to = yOffset + last * yStride + c;
      FloatVector sum = before.fma(w0, FloatVector.fromArray(F, y, to));
      here.fma(w1, sum).intoArray(y, to);
    }
    tail(x, xOffset, xStride, length, bound, channels, w, wOffset, y, yOffset, yStride);
  }

  private static void tail(
      float[] x,
      int xOffset,
      int xStride,
      int length,
      int first,
      int channels,
      float[] w,
      int wOffset,
      float[] y,
      int yOffset,
      int yStride) {
    for (int c = first; c < channels; c++) {
      float before = 0;
      float here = x[xOffset + c];
      for (int q = 0; q < length; q++) {
        float next = q + 1 < length ? x[xOffset + (q + 1) * xStride + c] : 0;
        y[yOffset + q * yStride + c] +=
            w[wOffset + c] * before
                + w[wOffset + channels + c] * here
                + w[wOffset + 2 * channels + c] * next;
        before = here;
        here = next;
      }
    }
  }
}
