package org.xlstm4j.engine.kernels;

/**
 * Prepares a few tokens for their products with quantized weights: {@link Q8Kernels} and {@link
 * Q4Kernels}.
 */
public non-sealed interface ActivationKernels extends PanelKernels {
  /**
   * Quantizes one token's activations block by block: {@code scale = largest magnitude / 127},
   * values rounded to {@code -127..127}. A block with a NaN or an infinity gets a scale that is not
   * finite, and so does every product with it.
   *
   * @param x activations
   * @param offset where the token starts
   * @param columns how many; the last block is filled up with zeros
   * @param values receives each value twice, in the halves of a word
   * @param valuesOffset where they go
   * @param scales receives a scale a block
   * @param sums receives the sum of a block's quantized values
   * @param blockOffset where scales and sums go
   */
  void quantize(
      float[] x,
      int offset,
      int columns,
      int[] values,
      int valuesOffset,
      float[] scales,
      int[] sums,
      int blockOffset);

  /**
   * What words of two 8-bit weights are to be multiplied by. With the word {@code w = 256 n1 + 128
   * + n0} and the activations {@code x0, x1} of its columns,
   *
   * <pre>
   * n0 x0 + n1 x1 = w x0 + (w &gt;&gt; 8)(x1 - 256 x0) - 128 x0,
   * </pre>
   *
   * so that no weight has to be widened from a byte. The terms do not fit 16 bits, but computed
   * modulo 2^16 their sum is right because the sum itself fits.
   *
   * @param values quantized activations as from {@link #quantize}
   * @param length how many, a multiple of 2
   * @param factors receives for each pair {@code x0}, {@code x1 - 256 x0} and {@code PAIR_BIAS -
   *     128 x0}, each modulo 2^16 and twice, in the halves of a word
   */
  default void q8Factors(int[] values, int length, int[] factors) {
    for (int pair = 0; pair < length / 2; pair++) {
      int first = values[2 * pair] >> 16;
      int second = values[2 * pair + 1] >> 16;
      factors[3 * pair] = PanelKernels.twice(first);
      factors[3 * pair + 1] = PanelKernels.twice(second - 256 * first);
      factors[3 * pair + 2] = PanelKernels.twice(PAIR_BIAS - 128 * first);
    }
  }

  /**
   * What a word of four 4-bit weights is to be multiplied by. With the word {@code w = n0 + 16 n1 +
   * 256 n2 + 4096 n3} and the activations {@code x0 .. x3} of its columns,
   *
   * <pre>
   * n0 x0 + n1 x1 + n2 x2 + n3 x3
   *     = w x0 + (w &gt;&gt; 4)(x1 - 16 x0) + (w &gt;&gt; 8)(x2 - 16 x1) + (w &gt;&gt; 12)(x3 - 16 x2),
   * </pre>
   *
   * so that no weight has to be masked out of its word. The terms do not fit 16 bits, but computed
   * modulo 2^16 their sum is right wherever the sum itself fits.
   *
   * @param values quantized activations as from {@link #quantize}
   * @param length how many, a multiple of 4
   * @param factors receives a factor for each, twice, in the halves of a word
   */
  void q4Factors(int[] values, int length, int[] factors);
}
