package org.xlstm4j.loader.quantize;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xlstm4j.engine.weights.PanelLayout;

/**
 * Weights {@code scale * (q - zero)} with q from 0 to 15 and a zero point in quarters.
 *
 * <p>The search starts from several ranges that cut a little off the weights' own. For each, the
 * weights are rounded, the scale and zero point that fit these integers best follow by weighted
 * least squares, are put on the grid of the file's scale words, and the error after rounding with
 * them is measured. The best candidate is then fitted again a few times, and its neighbors on the
 * grid are tried.
 */
final class Q4BlockQuantizer extends BlockQuantizer {
  private static final int MOST = 15;

  /** By how many steps the range is narrower than the weights' own. */
  private static final float[] CUTS = {0, 0.5f, 1, 1.5f, 2, 2.75f, 3.5f, 4.5f};

  /** Which part of the cut is made at the lower end. */
  private static final float[] LOWER_PARTS = {0, 0.5f, 1};

  private static final int REFITS = 2;

  /** The smallest and about the largest scale that a word can say. */
  private static final float LEAST_SCALE = 0x1p-24f;

  private static final float MOST_SCALE = 252;

  /** Multiplied with it, added and taken away, a float keeps 6 significant bits. */
  private static final float SPLITTER = (1 << 18) + 1;

  private final boolean searching;
  private final float[] lowest = new float[LANES];
  private final float[] highest = new float[LANES];

  /** Sums over the columns of importance times 1, q, q squared, weight, and weight times q. */
  private final float[] sum1 = new float[LANES];

  private final float[] sumQ = new float[LANES];
  private final float[] sumQq = new float[LANES];
  private final float[] sumW = new float[LANES];
  private final float[] sumWq = new float[LANES];

  Q4BlockQuantizer(boolean searching) {
    super(0, MOST);
    this.searching = searching;
  }

  @Override
  void findBest() {
    findRange();
    if (!searching) {
      propose(0, 0);
      consider();
      return;
    }
    sumW();
    for (float cut : CUTS) {
      for (float part : LOWER_PARTS) {
        propose(cut, part);
        fit();
        consider();
        if (cut == 0) {
          break;
        }
      }
    }
    for (int i = 0; i < REFITS; i++) {
      takeBest(0, 0);
      fit();
      consider();
    }
    for (int scaleStep = -1; scaleStep <= 1; scaleStep++) {
      for (int zeroStep = -1; zeroStep <= 1; zeroStep++) {
        takeBest(scaleStep, zeroStep);
        consider();
      }
    }
  }

  /** The weights' range, which includes zero. */
  private void findRange() {
    Arrays.fill(lowest, 0);
    Arrays.fill(highest, 0);
    for (int at = 0; at < weights.length; at += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        lowest[lane] = Math.min(lowest[lane], weights[at + lane]);
        highest[lane] = Math.max(highest[lane], weights[at + lane]);
      }
    }
  }

  private void propose(float cut, float lowerPart) {
    for (int lane = 0; lane < LANES; lane++) {
      float range = highest[lane] - lowest[lane];
      scale[lane] = range / (MOST + cut);
      float first = lowest[lane] + lowerPart * (range - MOST * scale[lane]);
      zero[lane] = range > 0 ? -first / scale[lane] : 0;
    }
  }

  /** The best candidate's neighbors on the grid. */
  private void takeBest(int scaleStep, int zeroStep) {
    for (int lane = 0; lane < LANES; lane++) {
      scale[lane] = bestScale[lane] * (1 + scaleStep * 0x1p-5f);
      zero[lane] = bestZero[lane] + 0.25f * zeroStep;
    }
  }

  /** Scale and zero point by least squares from the integers that the candidate gives. */
  private void fit() {
    round();
    Arrays.fill(sumQ, 0);
    Arrays.fill(sumQq, 0);
    Arrays.fill(sumWq, 0);
    for (int at = 0; at < weights.length; at += LANES) {
      addProducts(importance, q, at, sumQ);
      addProducts(importance, q, q, at, sumQq);
      addProducts(importance, weights, q, at, sumWq);
    }
    for (int lane = 0; lane < LANES; lane++) {
      float determinant = sum1[lane] * sumQq[lane] - sumQ[lane] * sumQ[lane];
      float slope = (sum1[lane] * sumWq[lane] - sumW[lane] * sumQ[lane]) / determinant;
      if (determinant > 0 && slope > 0) {
        scale[lane] = slope;
        zero[lane] = (sumQ[lane] - sumW[lane] / slope) / sum1[lane];
      }
    }
  }

  private void sumW() {
    Arrays.fill(sum1, 0);
    Arrays.fill(sumW, 0);
    for (int at = 0; at < weights.length; at += LANES) {
      addProducts(importance, weights, at, sumW);
      for (int lane = 0; lane < LANES; lane++) {
        sum1[lane] += importance[at + lane];
      }
    }
  }

  private static void addProducts(float[] a, float[] b, int at, float[] sums) {
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] += a[at + lane] * b[at + lane];
    }
  }

  private static void addProducts(float[] a, float[] b, float[] c, int at, float[] sums) {
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] += a[at + lane] * b[at + lane] * c[at + lane];
    }
  }

  @Override
  void snap() {
    for (int lane = 0; lane < LANES; lane++) {
      float bounded = Math.min(Math.max(scale[lane], LEAST_SCALE), MOST_SCALE);
      float large = bounded * SPLITTER;
      scale[lane] = large - (large - bounded);
    }
    for (int lane = 0; lane < LANES; lane++) {
      zero[lane] = 0.25f * Math.min(Math.max((int) (4 * zero[lane] + 0.5f), 0), 63);
    }
  }

  @Override
  void store(int block, MemorySegment target, long offset) {
    for (int row = 0; row < ROWS; row++) {
      int from = block * ROWS + row;
      short word = PanelLayout.q4Word(scale[from], (int) (4 * zero[from]));
      PanelStore.scale(target, offset, row, word);
      for (int column = 0; column < COLUMNS; column++) {
        PanelStore.q4(target, offset, row, column, (int) q[column * LANES + from]);
      }
    }
  }
}
