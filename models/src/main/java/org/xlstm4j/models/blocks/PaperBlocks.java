package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * The two residual blocks of the xLSTM paper (arXiv:2405.04517, figures 10 and 11), with the names
 * of the {@code xlstm} package: an mLSTM between projections up and down; and an sLSTM followed by
 * a gated feed-forward. Both norm their input with gains stored as offsets from one.
 */
public final class PaperBlocks {
  private static final float NORM_EPSILON = 1e-5f;
  private static final float CELL_EPSILON = 1e-6f;

  private PaperBlocks() {}

  /**
   * The sizes of the paper's mLSTM layer.
   *
   * @param width of the residual stream
   * @param innerWidth a multiple of {@code heads} and of {@code projectionBlock}
   * @param heads number of heads
   * @param projectionBlock width of the blocks of q, k and v
   * @param bias whether the projections have biases
   * @param normBias whether the norms before the layer and behind the cell have biases
   * @return the sizes, with the paper's constants
   */
  public static MlstmLayer.Sizes mlstmSizes(
      int width, int innerWidth, int heads, int projectionBlock, boolean bias, boolean normBias) {
    return new MlstmLayer.Sizes(
        width, innerWidth, heads, projectionBlock, bias, normBias, NORM_EPSILON, CELL_EPSILON);
  }

  /**
   * Reads an mLSTM block: one residual layer.
   *
   * @param sizes of the layer; its {@code normBias} counts for the norm before it too
   * @param taps of the causal convolution, at least 1
   * @param tensors reads {@code xlstm_norm} and {@code xlstm}, below the block's prefix
   * @param layout receives the state
   * @param statePrefix of the names {@code conv}, {@code mlstm_C}, {@code mlstm_n}, {@code mlstm_m}
   * @return the residual layer
   */
  public static Residual mlstm(
      MlstmLayer.Sizes sizes,
      int taps,
      TensorReader tensors,
      StateLayout layout,
      String statePrefix) {
    TensorReader below = tensors.under("xlstm.");
    CausalConvolution convolution =
        CausalConvolution.read(below, sizes.innerWidth(), taps, layout, statePrefix + "conv");
    return new Residual(
        norm(tensors, "xlstm_norm", sizes.width(), sizes.normBias()),
        new MlstmLayer(sizes, below, convolution, layout, statePrefix + "mlstm_"));
  }

  /**
   * Reads the first residual layer of an sLSTM block; the second is its {@link #feedForward}.
   *
   * @param sizes of the layer
   * @param normBias whether the norm before it has a bias
   * @param tensors reads {@code xlstm_norm} and {@code xlstm}, below the block's prefix
   * @param layout receives the state
   * @param statePrefix of the names {@code conv} and {@code slstm}
   * @return the residual layer
   */
  public static Residual slstm(
      SlstmLayer.Sizes sizes,
      boolean normBias,
      TensorReader tensors,
      StateLayout layout,
      String statePrefix)
      throws ModelFormatException {
    TensorReader below = tensors.under("xlstm.");
    int heads = sizes.heads();
    SlstmRecurrence recurrence =
        SlstmRecurrence.ofThreeDimensions(below.under("slstm_cell."), heads, sizes.width() / heads);
    return new Residual(
        norm(tensors, "xlstm_norm", sizes.width(), normBias),
        new SlstmLayer(sizes, below, recurrence, layout, statePrefix));
  }

  /**
   * The feed-forward of an sLSTM block.
   *
   * @param innerWidth its inner width
   * @param activation of its gate
   * @param bias whether its projections have biases
   */
  public record FeedForward(int innerWidth, Activation activation, boolean bias) {}

  /**
   * Reads the feed-forward that follows an sLSTM.
   *
   * @param width of the residual stream
   * @param sizes of the feed-forward
   * @param normBias whether the norm before it has a bias
   * @param tensors reads {@code ffn_norm} and {@code ffn}, below the block's prefix
   * @return the residual layer
   */
  public static Residual feedForward(
      int width, FeedForward sizes, boolean normBias, TensorReader tensors) {
    int inner = sizes.innerWidth();
    return new Residual(
        norm(tensors, "ffn_norm", width, normBias),
        new GatedFeedForward(
            LinearReader.one(tensors, "ffn.proj_up", 2 * inner, width, sizes.bias()),
            sizes.activation(),
            LinearReader.one(tensors, "ffn.proj_down", width, inner, sizes.bias())));
  }

  /**
   * Reads a layer norm with a gain stored as offset from one.
   *
   * @param tensors where it is
   * @param name of the norm, to which {@code .weight} and {@code .bias} are appended
   * @param width of the residual stream
   * @param bias whether it has a bias
   * @return the norm
   */
  public static TokenNorm norm(TensorReader tensors, String name, int width, boolean bias) {
    return LayerNorm.ofOffsets(
            tensors.vector(name + ".weight", width),
            tensors.vector(name + ".bias", width, bias),
            1,
            NORM_EPSILON)
        ::apply;
  }
}
