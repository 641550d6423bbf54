package org.xlstm4j.loader.quantize;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xlstm4j.engine.weights.PanelLayout;

/**
 * Quantizes some neighboring blocks of a panel: finds for each row of each block a scale and 32
 * integers. A row of a block is a lane here; all lanes are searched at once. The loops over lanes
 * are long and store into one array each: that is what the compiler turns into vector code.
 */
abstract sealed class BlockQuantizer permits Q8BlockQuantizer, Q4BlockQuantizer {
  static final int ROWS = PanelLayout.ROWS;
  static final int COLUMNS = PanelLayout.COLUMNS;

  /** Blocks quantized at a time. */
  static final int BLOCKS = 16;

  static final int LANES = BLOCKS * ROWS;

  /** The weights, {@code [column][block][row]}. */
  final float[] weights = new float[COLUMNS * LANES];

  /** How much an error counts, {@code [column][block][row]}, positive where there is a weight. */
  final float[] importance = new float[COLUMNS * LANES];

  /** The weights in steps of the scale, {@code [column][block][row]}: whole numbers. */
  final float[] q = new float[COLUMNS * LANES];

  /** The candidate of each lane, and its squared error. */
  final float[] scale = new float[LANES];

  final float[] zero = new float[LANES];
  final float[] error = new float[LANES];

  /** The best candidate so far. */
  final float[] bestScale = new float[LANES];

  final float[] bestZero = new float[LANES];
  private final float[] leastError = new float[LANES];

  private final float[] inverse = new float[LANES];
  private final int least;
  private final int most;

  /** A quantizer to integers from {@code least} to {@code most}. */
  BlockQuantizer(int least, int most) {
    this.least = least;
    this.most = most;
  }

  /** Looks for the best scales of {@link #weights}. */
  final void search() {
    Arrays.fill(leastError, Float.POSITIVE_INFINITY);
    findBest();
    System.arraycopy(bestScale, 0, scale, 0, LANES);
    System.arraycopy(bestZero, 0, zero, 0, LANES);
    round();
  }

  /** Gives candidates to {@link #consider}. */
  abstract void findBest();

  /** Puts the candidate on the grid of what a scale word can say. */
  abstract void snap();

  /** Stores the block of this index among those quantized together. */
  abstract void store(int block, MemorySegment target, long offset);

  /** Measures the candidate and keeps it where it is the best so far. */
  final void consider() {
    snap();
    round();
    measure();
    for (int lane = 0; lane < LANES; lane++) {
      if (error[lane] < leastError[lane]) {
        leastError[lane] = error[lane];
        bestScale[lane] = scale[lane];
        bestZero[lane] = zero[lane];
      }
    }
  }

  /** Integers by the candidate's scale and zero point. */
  final void round() {
    for (int lane = 0; lane < LANES; lane++) {
      inverse[lane] = scale[lane] > 0 ? 1 / scale[lane] : 0;
    }
    for (int at = 0; at < weights.length; at += LANES) {
      round(weights, at, inverse, zero, least, most, q);
    }
  }

  private static void round(
      float[] weights, int at, float[] inverse, float[] zero, int least, int most, float[] q) {
    // the offset makes the cast, which cuts toward zero, round to the nearest
    float offset = 0.5f - least;
    for (int lane = 0; lane < LANES; lane++) {
      int shifted = (int) (weights[at + lane] * inverse[lane] + (zero[lane] + offset));
      q[at + lane] = Math.min(Math.max(shifted, 0), most - least) + least;
    }
  }

  private void measure() {
    Arrays.fill(error, 0);
    for (int at = 0; at < weights.length; at += LANES) {
      measure(weights, q, importance, at, scale, zero, error);
    }
  }

  private static void measure(
      float[] weights,
      float[] q,
      float[] importance,
      int at,
      float[] scale,
      float[] zero,
      float[] error) {
    for (int lane = 0; lane < LANES; lane++) {
      float difference = weights[at + lane] - scale[lane] * (q[at + lane] - zero[lane]);
      error[lane] += importance[at + lane] * (difference * difference);
    }
  }

  /** The sum of the squared differences between the weights and what the blocks stand for. */
  final double squaredError() {
    double sum = 0;
    for (int at = 0; at < weights.length; at += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        float difference = weights[at + lane] - scale[lane] * (q[at + lane] - zero[lane]);
        boolean present = importance[at + lane] > 0;
        sum += present ? (double) difference * difference : 0;
      }
    }
    return sum;
  }
}
