package org.xlstm4j.engine.kernels;

/** Kernels that are compiled and switched in together, in the order in which they are wanted. */
public enum KernelFamily {
  /** {@link TileKernels}: prompts, pictures, the chunk-parallel mLSTM. */
  TILES,
  /** {@link RowKernels} of bf16 weights. */
  BF16_ROWS,
  /** {@link RowKernels} of f32 weights. */
  F32_ROWS,
  /** {@link HalfKernels}: bf16 and f16 weights. */
  HALVES,
  /** {@link PanelKernels}: quantized weights. */
  PANELS,
  /** {@link MlstmKernels}. */
  MLSTM,
  /** {@link SlstmKernels}. */
  SLSTM,
  /** {@link MathKernels}. */
  MATH,
  /** {@link BlockKernels}: block-diagonal weights. */
  BLOCKS,
  /** {@link GridKernels}: pictures. */
  GRIDS
}
