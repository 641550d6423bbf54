package org.xlstm4j.engine.layers;

import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.tokens.Columns;

/**
 * A 3 x 3 convolution over a grid of tokens, each channel on its own, with zeros around the grid:
 *
 * <pre>y[r][q][c] = bias[c] + sum over i, j of w[c][i][j] x[r + i - 1][q + j - 1][c]</pre>
 *
 * <p>Tokens lie row after row. Immutable and thread-safe.
 */
public final class DepthwiseGridConvolution {
  private static final int TAPS = GridKernels.TAPS;

  private final int channels;

  /** Row after row of the kernel, {@code [3][3][channels]}. */
  private final float[] weights;

  private final float[] bias;

  /**
   * A convolution.
   *
   * @param channels values a token, at least 1
   * @param weights {@code [channels][3][3]}; none at all where a file lacks them
   * @param bias one summand a channel; none at all where a file lacks them
   */
  public DepthwiseGridConvolution(int channels, float[] weights, float[] bias) {
    Lengths.checked("weights", weights, Math.multiplyExact(channels, TAPS * TAPS));
    this.channels = channels;
    this.bias = Lengths.checked("biases", bias, channels).clone();
    this.weights = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      int channel = i / (TAPS * TAPS);
      int tap = i % (TAPS * TAPS);
      this.weights[tap * channels + channel] = weights[i];
    }
  }

  /**
   * Computes some rows of the grid.
   *
   * @param x the whole grid, {@code height * width} tokens
   * @param height rows of the grid
   * @param width columns of the grid
   * @param first first row to compute
   * @param last end of the rows to compute, exclusive
   * @param y the whole result, of which these rows are set; must not overlap {@code x}
   */
  public void apply(Columns x, int height, int width, int first, int last, Columns y) {
    KernelNeeds.want(KernelFamily.GRIDS);
    for (int row = first; row < last; row++) {
      int to = y.at(row * width);
      for (int q = 0; q < width; q++) {
        System.arraycopy(bias, 0, y.data(), to + q * y.stride(), channels);
      }
      for (int tap = 0; tap < TAPS; tap++) {
        int source = row + tap - 1;
        if (source >= 0 && source < height) {
          int from = x.at(source * width);
          int kernel = tap * TAPS * channels;
          Kernels.grids()
              .addRow(
                  x.data(),
                  from,
                  x.stride(),
                  width,
                  channels,
                  weights,
                  kernel,
                  y.data(),
                  to,
                  y.stride());
        }
      }
    }
  }

  /**
   * The weights that a token is multiplied with; biases do not count.
   *
   * @return how many
   */
  public long weights() {
    return weights.length;
  }

  /**
   * The memory a step reads.
   *
   * @return bytes
   */
  public long byteSize() {
    return (long) Float.BYTES * (weights.length + bias.length);
  }
}
