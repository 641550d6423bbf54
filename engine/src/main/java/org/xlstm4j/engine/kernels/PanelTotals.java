package org.xlstm4j.engine.kernels;

import java.util.Arrays;

/** The sums of a panel's products, block after block. Belongs to one thread. */
public final class PanelTotals {
  /** {@code [token][row]}. */
  public final float[] values = new float[RowKernels.MAX_TOKENS * PanelKernels.ROWS];

  public void clear(int tokens) {
    Arrays.fill(values, 0, tokens * PanelKernels.ROWS, 0);
  }

  /** Stores the panel's rows as far as the matrix has them. */
  public void store(int tokens, int rows, float[] y, int yOffset, int yStride) {
    for (int token = 0; token < tokens; token++) {
      System.arraycopy(values, token * PanelKernels.ROWS, y, yOffset + token * yStride, rows);
    }
  }
}
