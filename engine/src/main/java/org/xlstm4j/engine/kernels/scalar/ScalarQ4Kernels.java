package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.Q4Kernels;

/**
 * The specification of {@link Q4Kernels}, and its stand-in while the JVM is cold: its loops are
 * methods of their own because those are compiled in a tenth of the time of the whole.
 */
final class ScalarQ4Kernels implements Q4Kernels {
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
    PanelBlock local = PanelBlock.ofThread();
    float[] totals = local.totals.values;
    for (int row = 0; row < rows; row += ROWS) {
      long panel = byteOffset + (long) (row / ROWS) * blocks * Q4_BLOCK;
      local.totals.clear(tokens);
      for (int block = 0; block < blocks; block++) {
        local.read(weights, panel + (long) block * Q4_BLOCK, Q4_BLOCK);
        for (int token = 0; token < tokens; token++) {
          int tokenBlock = token * blocks + block;
          ActivationKernels.q4Activations(factors, tokenBlock * Q4_FACTORS, local.activations);
          Arrays.fill(local.sums, 0);
          for (int column = 0; column < COLUMNS; column++) {
            int from = PanelBlock.group(column / Q4_GROUP);
            int shift = PanelKernels.q4Shift(column % Q4_GROUP);
            addProducts(local.words, from, shift, local.activations[column], local.sums);
          }
          float scale = QUARTER * scales[tokenBlock];
          int sum = sums[tokenBlock];
          addScaled(local.sums, local.words, sum, scale, totals, token * ROWS);
        }
      }
      local.totals.store(tokens, Math.min(ROWS, rows - row), y, yOffset + row, yStride);
    }
  }

  private static void addProducts(int[] words, int from, int shift, int activation, int[] sums) {
    for (int row = 0; row < ROWS; row++) {
      sums[row] += ((words[from + row] >> shift) & 15) * activation;
    }
  }

  private static void addScaled(
      int[] sums, int[] words, int sum, float scale, float[] totals, int to) {
    for (int row = 0; row < ROWS; row++) {
      short word = PanelBlock.scaleWord(words, row);
      int quarters = 4 * sums[row] - (word & ZERO_MASK) * sum;
      float rowScale = PanelKernels.q4Scale(word) * scale;
      totals[to + row] = Math.fma((float) quarters, rowScale, totals[to + row]);
    }
  }
}
