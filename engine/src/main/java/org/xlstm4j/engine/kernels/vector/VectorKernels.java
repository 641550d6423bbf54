package org.xlstm4j.engine.kernels.vector;

import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.ProbeKernels;
import org.xlstm4j.engine.kernels.Q4Kernels;
import org.xlstm4j.engine.kernels.Q8Kernels;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.UnpackKernels;

/**
 * Makes the implementations of all kernels with the Vector API. They are slower than scalar ones
 * until they are compiled, and need the module {@code jdk.incubator.vector}.
 */
public final class VectorKernels {
  private VectorKernels() {}

  /** Products of row-major f32 weights with a few tokens. */
  public static RowKernels f32Rows() {
    return new VectorF32RowKernels();
  }

  /** Products of row-major bf16 weights with a few tokens. */
  public static RowKernels bf16Rows() {
    return new VectorBf16RowKernels();
  }

  /** 16-bit weights and what meets them. */
  public static HalfKernels halves() {
    return new VectorHalfKernels();
  }

  /** Activations on their way to quantized weights. */
  public static ActivationKernels activations() {
    return new VectorActivationKernels();
  }

  /** Products of 8-bit weights with a few tokens. */
  public static Q8Kernels q8() {
    return new VectorQ8Kernels();
  }

  /** Products of 4-bit weights with a few tokens. */
  public static Q4Kernels q4() {
    return new VectorQ4Kernels();
  }

  /** Quantized weights on their way to products with many tokens. */
  public static UnpackKernels unpacking() {
    return new VectorUnpackKernels();
  }

  /** Dense products with many tokens. */
  public static TileKernels tiles() {
    return new VectorTileKernels();
  }

  /** Elementwise functions and norms. */
  public static MathKernels math() {
    return new VectorMathKernels();
  }

  /** The matrix memory's recurrent form. */
  public static MlstmKernels mlstm() {
    return new VectorMlstmKernels();
  }

  /** The scalar memory and its recurrent products. */
  public static SlstmKernels slstm() {
    return new VectorSlstmKernels();
  }

  /** Products with block-diagonal weights. */
  public static BlockKernels blocks() {
    return new VectorBlockKernels();
  }

  /** Convolutions over grids of tokens. */
  public static GridKernels grids() {
    return new VectorGridKernels();
  }

  /** Loops that reach a limit of the machine. */
  public static ProbeKernels probes() {
    return new VectorProbeKernels();
  }
}
