package org.xlstm4j.models.vision;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.layers.BlockDiagonal;
import org.xlstm4j.engine.layers.CausalConv;
import org.xlstm4j.engine.layers.DepthwiseConvolution;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.blocks.Weights;

/**
 * The weights of one block. {@link VilPass} computes it. Exactly one of the two convolutions is
 * there. Immutable and thread-safe.
 */
final class VilBlock {
  /** Taps of a causal convolution where no tensor tells. */
  private static final int USUAL_TAPS = 4;

  final LayerNorm norm;
  final Linear up;
  final @Nullable DepthwiseConvolution gridConvolution;
  final @Nullable CausalConv causalConvolution;
  final BlockDiagonal query;
  final BlockDiagonal key;
  final BlockDiagonal value;

  /** Input gates, then forget gates. */
  final Linear gates;

  final LayerNorm headNorm;
  final float[] skip;
  final Linear down;

  /**
   * A block.
   *
   * @param config sizes and variant
   * @param block the tensors below {@code blocks.i.}
   * @param histories receives the state of a causal convolution
   * @param name of that state
   */
  VilBlock(VilConfig config, TensorReader block, StateLayout histories, String name)
      throws ModelFormatException {
    int width = config.width();
    int inner = config.innerWidth();
    int heads = config.heads();
    VilConfig.Epsilons epsilons = config.epsilons();
    TensorReader layer = block.under("layer.");
    TensorReader cell = layer.under("mlstm_cell.");
    boolean normBias = config.normBias();
    boolean projectionBias = config.projectionBias();

    norm =
        LayerNorm.ofOffsets(
            block.vector("norm.weight", width),
            optional(block, "norm.bias", width, normBias),
            1,
            epsilons.blockNorm());
    up =
        new Linear(
            List.of(layer.matrix("proj_up.weight", 2 * inner, width)),
            optional(layer, "proj_up.bias", 2 * inner, projectionBias));
    float[] convolutionBias =
        config.convolutionBias() ? layer.vector("conv.bias", inner) : new float[inner];
    if (config.gridConvolution()) {
      float[] kernel = layer.tensor("conv.weight", inner, 1, 3, 3);
      gridConvolution = new DepthwiseConvolution(inner, kernel, convolutionBias);
      causalConvolution = null;
    } else {
      int taps = causalTaps(layer);
      float[] kernel = layer.tensor("conv.weight", inner, 1, taps);
      causalConvolution = new CausalConv(inner, taps, kernel, convolutionBias, histories, name);
      gridConvolution = null;
    }
    query = projection(config, layer, "q_proj");
    key = projection(config, layer, "k_proj");
    value = projection(config, layer, "v_proj");
    gates =
        new Linear(
            List.of(
                cell.matrix("igate.weight", heads, 3 * inner),
                cell.matrix("fgate.weight", heads, 3 * inner)),
            joined(cell.vector("igate.bias", heads), cell.vector("fgate.bias", heads)));
    headNorm =
        LayerNorm.ofOffsets(
            cell.vector("outnorm.weight", inner),
            optional(cell, "outnorm.bias", inner, normBias),
            heads,
            epsilons.headNorm());
    skip = layer.vector("learnable_skip", inner);
    down =
        new Linear(
            List.of(layer.matrix("proj_down.weight", width, inner)),
            optional(layer, "proj_down.bias", width, projectionBias));
  }

  private static BlockDiagonal projection(VilConfig config, TensorReader layer, String name)
      throws ModelFormatException {
    int inner = config.innerWidth();
    int size = config.projectionBlock();
    return new BlockDiagonal(
        inner,
        size,
        layer.tensor(name + ".weight", inner / size, size, size),
        optional(layer, name + ".bias", inner, config.projectionBias()));
  }

  /** The kernel's width is no option of the original's blocks: only the tensor knows it. */
  private static int causalTaps(TensorReader layer) throws ModelFormatException {
    boolean there = layer.has("conv.weight");
    return there ? Math.max(layer.shape("conv.weight", 3)[2], 1) : USUAL_TAPS;
  }

  static float[] optional(TensorReader tensors, String name, int length, boolean there)
      throws ModelFormatException {
    return there ? tensors.vector(name, length) : new float[0];
  }

  /** Both, or none where one is missing. */
  private static float[] joined(float[] first, float[] second) {
    if (first.length != second.length) {
      return new float[0];
    }
    float[] both = new float[2 * first.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** The weights that a token is multiplied with. */
  Weights weights() {
    Weights all = Weights.of(up, gates, down).plus(Weights.of(query, key, value));
    if (gridConvolution != null) {
      all = all.plus(Weights.of(gridConvolution));
    }
    return causalConvolution == null ? all : all.plus(Weights.of(causalConvolution));
  }
}
