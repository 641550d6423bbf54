package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.layers.BlockDiagonal;
import org.xlstm4j.engine.layers.DepthwiseCausalConvolution;
import org.xlstm4j.engine.layers.DepthwiseGridConvolution;
import org.xlstm4j.engine.weights.Linear;

/**
 * Weights that a token is multiplied with.
 *
 * @param count how many; biases and norms do not count
 * @param quantized how many of them are quantized
 * @param bytes that they take where they lie, biases included
 */
public record Weights(long count, long quantized, long bytes) {
  /** No weights. */
  public static final Weights NONE = new Weights(0, 0, 0);

  /** Those of some projections. */
  public static Weights of(Linear... projections) {
    Weights all = NONE;
    for (Linear projection : projections) {
      all =
          all.plus(
              new Weights(
                  projection.weights(), projection.quantizedWeights(), projection.byteSize()));
    }
    return all;
  }

  /** Those of some block-diagonal projections. */
  public static Weights of(BlockDiagonal... projections) {
    Weights all = NONE;
    for (BlockDiagonal projection : projections) {
      all = all.plus(new Weights(projection.weights(), 0, projection.byteSize()));
    }
    return all;
  }

  /** Those of a convolution over tokens. */
  public static Weights of(DepthwiseCausalConvolution convolution) {
    return new Weights(convolution.weights(), 0, convolution.byteSize());
  }

  /** Those of a convolution over a grid of tokens. */
  public static Weights of(DepthwiseGridConvolution convolution) {
    return new Weights(convolution.weights(), 0, convolution.byteSize());
  }

  /** The recurrent ones of a cell. */
  public static Weights of(SlstmCell cell) {
    return new Weights(cell.recurrentWeights(), 0, cell.byteSize());
  }

  /** Both together. */
  public Weights plus(Weights other) {
    return new Weights(count + other.count, quantized + other.quantized, bytes + other.bytes);
  }
}
