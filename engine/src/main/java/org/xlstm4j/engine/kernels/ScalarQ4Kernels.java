package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The specification of {@link Q4Kernels}, and its stand-in while the JVM is cold: its loops are
 * methods of their own because those are compiled in a tenth of the time of the whole.
 */
public final class ScalarQ4Kernels implements Q4Kernels {
  private final ThreadLocal<PanelScratch> scratch = ThreadLocal.withInitial(PanelScratch::new);

  @Override
  public void multiply(
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int rows,
      int[] factors,
      float[] scales,
      int[] sums,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    PanelScratch local = scratch.get();
    for (int row = 0; row < rows; row += ROWS) {
      long panel = byteOffset + (long) (row / ROWS) * blocks * Q4_BLOCK;
      local.clearTotals(tokens);
      for (int block = 0; block < blocks; block++) {
        int at = local.find(weights, panel, block, blocks, Q4_BLOCK);
        for (int token = 0; token < tokens; token++) {
          int tokenBlock = token * blocks + block;
          Arrays.fill(local.sums, 0);
          activations(factors, tokenBlock * COLUMNS, local.activations);
          for (int column = 0; column < COLUMNS; column++) {
            int group = at + ROWS + (column >> 2) * ROWS;
            int shift = (column & 3) << 2;
            addProducts(local.words, group, shift, local.activations[column], local.sums);
          }
          float scale = 0.25f * scales[tokenBlock];
          int sum = sums[tokenBlock];
          addScaled(local.sums, local.words, at, sum, scale, local.totals, token * ROWS);
        }
      }
      local.storeTotals(tokens, Math.min(ROWS, rows - row), y, yOffset + row, yStride);
    }
  }

  private static void addProducts(short[] words, int from, int shift, int value, int[] sums) {
    for (int lane = 0; lane < ROWS; lane++) {
      sums[lane] += ((words[from + lane] >> shift) & 15) * value;
    }
  }

  private static void addScaled(
      int[] sums, short[] words, int from, int sum, float scale, float[] totals, int to) {
    for (int lane = 0; lane < ROWS; lane++) {
      short word = words[from + lane];
      int product = 4 * sums[lane] - (word & ZERO_MASK) * sum;
      totals[to + lane] += product * (PanelKernels.q4Scale(word) * scale);
    }
  }

  /** The activations of a block from their factors. */
  private static void activations(int[] factors, int from, int[] activations) {
    for (int column = 0; column < COLUMNS; column += 4) {
      int before = 0;
      for (int i = column; i < column + 4; i++) {
        before = (factors[from + i] >> 16) + 16 * before;
        activations[i] = before;
      }
    }
  }
}
