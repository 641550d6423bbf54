package org.xlstm4j.engine.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.scalar.Remainders;

/**
 * {@link GridKernels} with the Vector API: lanes are channels. The three weights stay in registers
 * while a row is walked, and so do the tokens under them: each token is loaded once.
 */
final class VectorGridKernels implements GridKernels {
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
      FloatVector here = FloatVector.fromArray(F, x, xOffset + c);
      FloatVector sum = FloatVector.fromArray(F, y, yOffset + c);
      int to = yOffset + c;
      for (int q = 1; q < length; q++) {
        FloatVector next = FloatVector.fromArray(F, x, xOffset + q * xStride + c);
        next.fma(w2, here.fma(w1, sum)).intoArray(y, to);
        to += yStride;
        sum = here.fma(w0, FloatVector.fromArray(F, y, to));
        here = next;
      }
      here.fma(w1, sum).intoArray(y, to);
    }
    Remainders.addRow(
        x, xOffset, xStride, length, bound, channels, w, wOffset, y, yOffset, yStride);
  }
}
