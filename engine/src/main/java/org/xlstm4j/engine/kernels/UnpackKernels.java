package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** Turns quantized weights into the floats that products with many tokens read. */
public non-sealed interface UnpackKernels extends PanelKernels {
  /**
   * Turns blocks of a panel of 8-bit weights into floats for {@link TileKernels}: {@code panel[c *
   * 32 + r]} for its 32 rows.
   *
   * @param weights panels
   * @param byteOffset where the first block starts
   * @param blocks how many blocks of columns
   * @param panel receives {@code blocks * 32 * 32} values
   */
  void q8(MemorySegment weights, long byteOffset, int blocks, float[] panel);

  /** Turns blocks of a panel of 4-bit weights into floats; see {@link #q8}. */
  void q4(MemorySegment weights, long byteOffset, int blocks, float[] panel);
}
