package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** The specification of {@link UnpackKernels}, and its stand-in while the JVM is cold. */
public final class ScalarUnpackKernels implements UnpackKernels {
  /** Rows unpacked together. */
  private static final int HALF = ROWS / 2;

  private final ThreadLocal<PanelScratch> scratch = ThreadLocal.withInitial(PanelScratch::new);

  @Override
  public void q8(MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    PanelScratch local = scratch.get();
    for (int block = 0; block < blocks; block++) {
      int at = local.find(weights, byteOffset, block, blocks, Q8_BLOCK);
      for (int row = 0; row < HALF; row++) {
        int lane = PanelKernels.lane(half * HALF + row);
        local.lanes[row] = lane;
        local.totals[row] = PanelKernels.q8Scale(local.words[at + lane]);
      }
      for (int pair = 0; pair < COLUMNS / 2; pair++) {
        int from = at + ROWS + pair * ROWS;
        int to = (block * COLUMNS + 2 * pair) * HALF;
        unpackPair(local.words, from, local.lanes, local.totals, panel, to);
      }
    }
  }

  private static void unpackPair(
      short[] words, int from, int[] lanes, float[] scales, float[] panel, int to) {
    for (int row = 0; row < HALF; row++) {
      short word = words[from + lanes[row]];
      panel[to + row] = scales[row] * PanelKernels.q8First(word);
      panel[to + HALF + row] = scales[row] * PanelKernels.q8Second(word);
    }
  }

  @Override
  public void q4(MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    PanelScratch local = scratch.get();
    for (int block = 0; block < blocks; block++) {
      int at = local.find(weights, byteOffset, block, blocks, Q4_BLOCK);
      for (int row = 0; row < HALF; row++) {
        int lane = PanelKernels.lane(half * HALF + row);
        local.lanes[row] = lane;
        local.totals[row] = PanelKernels.q4Scale(local.words[at + lane]);
        local.totals[HALF + row] = PanelKernels.q4Zero(local.words[at + lane]);
      }
      for (int column = 0; column < COLUMNS; column++) {
        int from = at + ROWS + (column >> 2) * ROWS;
        int shift = (column & 3) << 2;
        int to = (block * COLUMNS + column) * HALF;
        unpackColumn(local.words, from, shift, local.lanes, local.totals, panel, to);
      }
    }
  }

  private static void unpackColumn(
      short[] words,
      int from,
      int shift,
      int[] lanes,
      float[] scalesAndZeros,
      float[] panel,
      int to) {
    for (int row = 0; row < HALF; row++) {
      int nibble = (words[from + lanes[row]] >> shift) & 15;
      panel[to + row] = scalesAndZeros[row] * (nibble - scalesAndZeros[HALF + row]);
    }
  }
}
