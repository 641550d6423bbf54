package org.xlstm4j.engine.kernels.scalar;

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
 * Makes the scalar implementations of all kernels. Those are the kernels' specification, and stand
 * in for faster ones while the JVM is cold.
 */
public final class ScalarKernels {
  private ScalarKernels() {}

  /** Products of row-major f32 weights with a few tokens. */
  public static RowKernels f32Rows() {
    return new ScalarRowKernels(1, RowReaders::f32);
  }

  /** Products of row-major bf16 weights with a few tokens. */
  public static RowKernels bf16Rows() {
    return new ScalarRowKernels(2, RowReaders::bf16);
  }

  /** 16-bit weights and what meets them. */
  public static HalfKernels halves() {
    return new ScalarHalfKernels();
  }

  /** Activations on their way to quantized weights. */
  public static ActivationKernels activations() {
    return new ScalarActivationKernels();
  }

  /** Products of 8-bit weights with a few tokens. */
  public static Q8Kernels q8() {
    return new ScalarQ8Kernels();
  }

  /** Products of 4-bit weights with a few tokens. */
  public static Q4Kernels q4() {
    return new ScalarQ4Kernels();
  }

  /** Quantized weights on their way to products with many tokens. */
  public static UnpackKernels unpacking() {
    return new ScalarUnpackKernels();
  }

  /** Dense products with many tokens. */
  public static TileKernels tiles() {
    return new ScalarTileKernels();
  }

  /** Elementwise functions and norms. */
  public static MathKernels math() {
    return new ScalarMathKernels();
  }

  /** The matrix memory's recurrent form. */
  public static MlstmKernels mlstm() {
    return new ScalarMlstmKernels();
  }

  /** The scalar memory and its recurrent products. */
  public static SlstmKernels slstm() {
    return new ScalarSlstmKernels();
  }

  /** Products with block-diagonal weights. */
  public static BlockKernels blocks() {
    return new ScalarBlockKernels();
  }

  /** Convolutions over grids of tokens. */
  public static GridKernels grids() {
    return new ScalarGridKernels();
  }

  /** Loops that reach a limit of the machine. */
  public static ProbeKernels probes() {
    return new ScalarProbeKernels();
  }
}
