package org.xlstm4j.models.image;

/**
 * Which source pixels make up each target pixel along one axis, and with what weights: the bicubic
 * filter of the Python library Pillow, widened when shrinking so that it also smooths. The weights
 * are whole numbers of {@code 2^-22}, as Pillow has them for 8-bit images.
 *
 * <p>Kept from image to image: only another size computes anything anew.
 */
final class ResampleWeights {
  /** Fractional bits of a weight: 8 bits of the value and 2 of headroom remain. */
  static final int FRACTION_BITS = 22;

  private static final double A = -0.5;
  private static final double RADIUS = 2;

  private int sourceSize;
  private int targetSize;
  private int first;
  private int count;
  private int most;
  private int[] starts = new int[0];
  private int[] lengths = new int[0];
  private int[] weights = new int[0];
  private double[] exact = new double[0];

  /**
   * Computes the weights of some target pixels, unless they are there from the last call.
   *
   * @param source pixels of the source, at least 1
   * @param target pixels of the whole target, at least 1
   * @param firstPixel first target pixel wanted
   * @param pixels how many are wanted, at least 1
   */
  void prepare(int source, int target, int firstPixel, int pixels) {
    if (source == sourceSize && target == targetSize && first == firstPixel && count == pixels) {
      return;
    }
    sourceSize = source;
    targetSize = target;
    first = firstPixel;
    count = pixels;
    double scale = (double) source / target;
    double stretch = Math.max(scale, 1);
    double support = RADIUS * stretch;
    most = (int) Math.ceil(support) * 2 + 1;
    if (starts.length < pixels) {
      starts = new int[pixels];
      lengths = new int[pixels];
    }
    if (weights.length < Math.multiplyExact(pixels, most)) {
      weights = new int[pixels * most];
    }
    if (exact.length < most) {
      exact = new double[most];
    }
    for (int pixel = 0; pixel < pixels; pixel++) {
      double center = (firstPixel + pixel + 0.5) * scale;
      int start = Math.max(0, (int) (center - support + 0.5));
      int length = Math.min(source, (int) (center + support + 0.5)) - start;
      starts[pixel] = start;
      lengths[pixel] = length;
      weigh(start - center + 0.5, 1 / stretch, length, pixel * most);
    }
  }

  private void weigh(double firstDistance, double inverseStretch, int length, int to) {
    double sum = 0;
    for (int tap = 0; tap < length; tap++) {
      exact[tap] = filter((tap + firstDistance) * inverseStretch);
      sum += exact[tap];
    }
    for (int tap = 0; tap < length; tap++) {
      double weight = exact[tap] / sum * (1 << FRACTION_BITS);
      weights[to + tap] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
    }
  }

  private static double filter(double distance) {
    double t = Math.abs(distance);
    if (t < 1) {
      return ((A + 2) * t - (A + 3)) * t * t + 1;
    }
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * A : 0;
  }

  /** First source pixel of a target pixel, counted from the first one wanted. */
  int start(int pixel) {
    return starts[pixel];
  }

  /** Number of source pixels of a target pixel. */
  int length(int pixel) {
    return lengths[pixel];
  }

  /** Where a target pixel's weights start in {@link #weights()}. */
  int at(int pixel) {
    return pixel * most;
  }

  int[] weights() {
    return weights;
  }
}
