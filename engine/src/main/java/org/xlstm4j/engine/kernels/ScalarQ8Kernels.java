package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The specification of {@link Q8Kernels}, and its stand-in while the JVM is cold: its loops are
 * methods of their own because those are compiled in a tenth of the time of the whole.
 */
public final class ScalarQ8Kernels implements Q8Kernels {
  private final ThreadLocal<PanelScratch> scratch = ThreadLocal.withInitial(PanelScratch::new);

  @Override
  public void multiply(
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int rows,
      int[] factors,
      float[] scales,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    PanelScratch local = scratch.get();
    for (int row = 0; row < rows; row += ROWS) {
      long panel = byteOffset + (long) (row / ROWS) * blocks * Q8_BLOCK;
      local.clearTotals(tokens);
      for (int block = 0; block < blocks; block++) {
        int at = local.find(weights, panel, block, blocks, Q8_BLOCK);
        for (int token = 0; token < tokens; token++) {
          int tokenBlock = token * blocks + block;
          Arrays.fill(local.sums, 0);
          for (int pair = 0; pair < COLUMNS / 2; pair++) {
            int factor = tokenBlock * Q8_FACTORS + 3 * pair;
            int first = factors[factor] >> 16;
            int second = (short) (factors[factor + 1] + 256 * first);
            addProducts(local.words, at + ROWS + pair * ROWS, first, second, local.sums);
          }
          addScaled(local.sums, local.words, at, scales[tokenBlock], local.totals, token * ROWS);
        }
      }
      local.storeTotals(tokens, Math.min(ROWS, rows - row), y, yOffset + row, yStride);
    }
  }

  private static void addProducts(short[] words, int from, int first, int second, int[] sums) {
    for (int lane = 0; lane < ROWS; lane++) {
      short word = words[from + lane];
      sums[lane] += PanelKernels.q8First(word) * first + PanelKernels.q8Second(word) * second;
    }
  }

  private static void addScaled(
      int[] sums, short[] words, int from, float scale, float[] totals, int to) {
    for (int lane = 0; lane < ROWS; lane++) {
      totals[to + lane] += sums[lane] * (PanelKernels.q8Scale(words[from + lane]) * scale);
    }
  }
}
