package org.xlstm4j.engine.kernels;

/** The specification of {@link GridKernels}, and its stand-in while the JVM is cold. */
public final class ScalarGridKernels implements GridKernels {
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
    addRow(x, xOffset, xStride, length, 0, channels, w, wOffset, y, yOffset, yStride);
  }

  /** The same for the channels from {@code firstChannel} on. */
  static void addRow(
      float[] x,
      int xOffset,
      int xStride,
      int length,
      int firstChannel,
      int channels,
      float[] w,
      int wOffset,
      float[] y,
      int yOffset,
      int yStride) {
    for (int tap = 0; tap < TAPS; tap++) {
      int weights = wOffset + tap * channels;
      int first = Math.max(0, 1 - tap);
      int last = Math.min(length, length + 1 - tap);
      for (int q = first; q < last; q++) {
        int from = xOffset + (q + tap - 1) * xStride;
        int to = yOffset + q * yStride;
        FusedMultiplyAdd.add(
            w,
            weights + firstChannel,
            x,
            from + firstChannel,
            channels - firstChannel,
            y,
            to + firstChannel);
      }
    }
  }
}
