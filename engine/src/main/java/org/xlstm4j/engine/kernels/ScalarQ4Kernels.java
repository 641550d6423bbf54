package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The specification of {@link Q4Kernels}, and its stand-in while the JVM is cold. */
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
      local.clearTotals(tokens);
      for (int block = 0; block < blocks; block++) {
        long at = byteOffset + ((long) (row / ROWS) * blocks + block) * Q4_BLOCK;
        local.copyBlock(weights, at, ROWS * COLUMNS / 4);
        for (int token = 0; token < tokens; token++) {
          int tokenBlock = token * blocks + block;
          Arrays.fill(local.sums, 0);
          activations(factors, tokenBlock * COLUMNS, local.activations);
          for (int column = 0; column < COLUMNS; column++) {
            int value = local.activations[column];
            int group = (column >> 2) * ROWS;
            int shift = (column & 3) << 2;
            for (int lane = 0; lane < ROWS; lane++) {
              local.sums[lane] += ((local.words[group + lane] >> shift) & 15) * value;
            }
          }
          float scale = 0.25f * scales[tokenBlock];
          for (int lane = 0; lane < ROWS; lane++) {
            short word = local.scales[lane];
            int product = 4 * local.sums[lane] - (word & ZERO_MASK) * sums[tokenBlock];
            local.totals[token * ROWS + lane] += product * (PanelKernels.q4Scale(word) * scale);
          }
        }
      }
      local.storeTotals(tokens, Math.min(ROWS, rows - row), y, yOffset + row, yStride);
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
