package org.xlstm4j.models.vil;

import org.xlstm4j.models.image.Size;

/**
 * What is added to the tokens for their place in the grid, {@code [rows][columns][width]}. For
 * another grid it is resized as the original does: bicubic with a = -0.75, half-pixel centers, taps
 * outside clamped to the border, no smoothing when it shrinks.
 *
 * <p>Immutable and thread-safe.
 */
final class PositionTable {
  private static final double A = -0.75;
  private static final int TAPS = 4;

  private final float[] values;
  private final Size grid;
  private final int width;

  /**
   * A table.
   *
   * @param values {@code [grid.height][grid.width][width]}
   * @param grid its size
   * @param width values a token
   */
  @SuppressWarnings("ArrayParameterNotCopied")
  PositionTable(float[] values, Size grid, int width) {
    this.values = values;
    this.grid = grid;
    this.width = width;
  }

  /** This table, or one of another size made from it. */
  PositionTable resized(Size target) {
    if (target.equals(grid)) {
      return this;
    }
    float[] wide = new float[Math.multiplyExact(grid.height() * target.width(), width)];
    for (int row = 0; row < grid.height(); row++) {
      int from = row * grid.width() * width;
      int to = row * target.width() * width;
      resize(values, from, width, grid.width(), wide, to, width, target.width(), width);
    }
    int line = target.width() * width;
    float[] result = new float[Math.multiplyExact(target.height(), line)];
    resize(wide, 0, line, grid.height(), result, 0, line, target.height(), line);
    return new PositionTable(result, target, width);
  }

  /** Resizes along one axis: {@code length} values at each place, {@code stride} apart. */
  private static void resize(
      float[] source,
      int from,
      int sourceStride,
      int sourceCount,
      float[] target,
      int to,
      int targetStride,
      int targetCount,
      int length) {
    double scale = (double) sourceCount / targetCount;
    double[] weights = new double[TAPS];
    int[] taps = new int[TAPS];
    for (int place = 0; place < targetCount; place++) {
      double center = (place + 0.5) * scale - 0.5;
      int before = (int) Math.floor(center);
      for (int tap = 0; tap < TAPS; tap++) {
        int position = before - 1 + tap;
        weights[tap] = filter(Math.abs(center - position));
        taps[tap] = from + Math.clamp(position, 0, sourceCount - 1) * sourceStride;
      }
      for (int i = 0; i < length; i++) {
        double sum = 0;
        for (int tap = 0; tap < TAPS; tap++) {
          sum += weights[tap] * source[taps[tap] + i];
        }
        target[to + place * targetStride + i] = (float) sum;
      }
    }
  }

  private static double filter(double t) {
    if (t < 1) {
      return ((A + 2) * t - (A + 3)) * t * t + 1;
    }
    return t < 2 ? A * (((t - 5) * t + 8) * t - 4) : 0;
  }

  /** The values, {@code [grid.height][grid.width][width]}. */
  float[] values() {
    return values;
  }
}
