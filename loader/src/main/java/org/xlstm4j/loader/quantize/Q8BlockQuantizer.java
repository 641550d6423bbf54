package org.xlstm4j.loader.quantize;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xlstm4j.engine.weights.PanelLayout;

/**
 * Weights {@code scale * q} with q from -128 to 127. The scale is the one of the least squared
 * error among a few next to {@code largest magnitude / 127}: most of the error comes from rounding
 * to integers, so a search further away finds nothing better.
 */
final class Q8BlockQuantizer extends BlockQuantizer {
  /** Candidates are this far apart: four steps of the scale words' grid. */
  private static final float STEP = 0x1p-9f;

  private static final int CANDIDATES_BELOW = 3;

  private final boolean searching;
  private final float[] largest = new float[LANES];

  Q8BlockQuantizer(boolean searching) {
    super(-128, 127);
    this.searching = searching;
  }

  @Override
  void findBest() {
    findLargest();
    int below = searching ? CANDIDATES_BELOW : 0;
    for (int step = -below; step <= 0; step++) {
      for (int lane = 0; lane < LANES; lane++) {
        scale[lane] = largest[lane] / 127 * (1 + step * STEP);
      }
      consider();
    }
  }

  private void findLargest() {
    Arrays.fill(largest, 0);
    for (int at = 0; at < weights.length; at += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        largest[lane] = Math.max(largest[lane], Math.abs(weights[at + lane]));
      }
    }
  }

  @Override
  void snap() {
    for (int lane = 0; lane < LANES; lane++) {
      scale[lane] = PanelLayout.q8Scale(PanelLayout.q8Word(scale[lane]));
    }
  }

  @Override
  void store(int block, MemorySegment target, long offset) {
    for (int row = 0; row < ROWS; row++) {
      int from = block * ROWS + row;
      PanelStore.scale(target, offset, row, PanelLayout.q8Word(scale[from]));
      for (int column = 0; column < COLUMNS; column++) {
        PanelStore.q8(target, offset, row, column, (int) q[column * LANES + from]);
      }
    }
  }
}
