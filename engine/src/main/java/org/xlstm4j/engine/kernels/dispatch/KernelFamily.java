package org.xlstm4j.engine.kernels.dispatch;

import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.Q4Kernels;
import org.xlstm4j.engine.kernels.Q8Kernels;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.UnpackKernels;

/**
 * Kernels that are compiled and switched in together, in the order in which they are compiled: what
 * a prompt of many tokens needs, what every step needs, and what only few tokens at once need.
 * Those that multiply only few of the weights loaded come after the others.
 */
public enum KernelFamily {
  /** {@link TileKernels}: prompts, pictures, the chunk-parallel mLSTM. */
  TILES,
  /** {@link Q8Kernels}. */
  Q8,
  /** {@link Q4Kernels}. */
  Q4,
  /** {@link ActivationKernels}: what meets quantized weights. */
  ACTIVATIONS,
  /** {@link RowKernels} of bf16 weights with one token. */
  BF16_ROWS,
  /** {@link RowKernels} of f32 weights with one token. */
  F32_ROWS,
  /** {@link HalfKernels}: bf16 and f16 weights. */
  HALVES,
  /** {@link MlstmKernels} with one token. */
  MLSTM,
  /** {@link SlstmKernels}. */
  SLSTM,
  /** {@link MathKernels}. */
  MATH,
  /** {@link BlockKernels}: block-diagonal weights. */
  BLOCKS,
  /** {@link GridKernels}: pictures. */
  GRIDS,
  /** {@link UnpackKernels}: quantized weights in prompts. */
  UNPACKING,
  /** {@link RowKernels} of bf16 weights with several tokens. */
  BF16_ROWS_OF_TOKENS,
  /** {@link RowKernels} of f32 weights with several tokens. */
  F32_ROWS_OF_TOKENS,
  /** {@link MlstmKernels} with several tokens. */
  MLSTM_OF_TOKENS;

  /** Whether steps of one token do without them. */
  boolean onlyForSeveralTokens() {
    return this == UNPACKING
        || this == BF16_ROWS_OF_TOKENS
        || this == F32_ROWS_OF_TOKENS
        || this == MLSTM_OF_TOKENS;
  }
}
