package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.Q8Kernels;

/**
 * The specification of {@link Q8Kernels}, and its stand-in while the JVM is cold: its loops are
 * methods of their own because those are compiled in a tenth of the time of the whole.
 */
final class ScalarQ8Kernels implements Q8Kernels {
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
    PanelBlock local = PanelBlock.ofThread();
    float[] totals = local.totals.values;
    for (int row = 0; row < rows; row += ROWS) {
      long panel = byteOffset + (long) (row / ROWS) * blocks * Q8_BLOCK;
      local.totals.clear(tokens);
      for (int block = 0; block < blocks; block++) {
        local.read(weights, panel + (long) block * Q8_BLOCK, Q8_BLOCK);
        for (int token = 0; token < tokens; token++) {
          int tokenBlock = token * blocks + block;
          ActivationKernels.q8Activations(factors, tokenBlock * Q8_FACTORS, local.activations);
          Arrays.fill(local.sums, 0);
          for (int column = 0; column < COLUMNS; column += Q8_GROUP) {
            int from = PanelBlock.group(column / Q8_GROUP);
            addProducts(local.words, from, local.activations, column, local.sums);
          }
          addScaled(local.sums, local.words, scales[tokenBlock], totals, token * ROWS);
        }
      }
      local.totals.store(tokens, Math.min(ROWS, rows - row), y, yOffset + row, yStride);
    }
  }

  private static void addProducts(
      int[] words, int from, int[] activations, int column, int[] sums) {
    int x0 = activations[column];
    int x1 = activations[column + 1];
    int x2 = activations[column + 2];
    int x3 = activations[column + 3];
    for (int row = 0; row < ROWS; row++) {
      int word = words[from + row];
      sums[row] +=
          PanelKernels.q8Weight(word, 0) * x0
              + PanelKernels.q8Weight(word, 1) * x1
              + PanelKernels.q8Weight(word, 2) * x2
              + PanelKernels.q8Weight(word, 3) * x3;
    }
  }

  private static void addScaled(int[] sums, int[] words, float scale, float[] totals, int to) {
    for (int row = 0; row < ROWS; row++) {
      float rowScale = PanelKernels.q8Scale(PanelBlock.scaleWord(words, row)) * scale;
      totals[to + row] = Math.fma((float) sums[row], rowScale, totals[to + row]);
    }
  }
}
