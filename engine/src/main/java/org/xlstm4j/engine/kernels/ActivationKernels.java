package org.xlstm4j.engine.kernels;

/**
 * Prepares a few tokens for their products with quantized weights: {@link Q8Kernels} and {@link
 * Q4Kernels}.
 */
public non-sealed interface ActivationKernels extends PanelKernels {
  /**
   * Quantizes one token's activations block by block: {@code scale = largest magnitude / 127},
   * values rounded to {@code -127..127}. A block with a NaN or an infinity becomes zeros with a
   * scale of NaN, and so does every product with it.
   *
   * @param x activations
   * @param offset where the token starts
   * @param columns how many; the last block is filled up with zeros
   * @param values receives the rounded values
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
   * What words of four 8-bit weights are to be multiplied by, as two halves of 16 bits. A half
   * holds two weights; with the sign of the first one's byte turned over it is {@code w = 256 n1 +
   * 128 + n0}, and with the activations {@code x0, x1} of its columns,
   *
   * <pre>
   * n0 x0 + n1 x1 = w x0 + (w &gt;&gt; 8)(x1 - 256 x0) - 128 x0,
   * </pre>
   *
   * so that no weight has to be widened from a byte. The terms do not fit 16 bits, but computed
   * modulo 2^16 their sum is right because the sum itself fits.
   *
   * @param values quantized activations as from {@link #quantize}
   * @param length how many, a multiple of 4
   * @param factors receives for each four columns {@code x0}, {@code x1 - 256 x0} and {@code
   *     PAIR_BIAS - 128 x0}, each modulo 2^16, for the first two columns in the low half of a word
   *     and for the others in the high half
   */
  default void q8Factors(int[] values, int length, int[] factors) {
    int to = 0;
    for (int i = 0; i < length; i += Q8_GROUP, to += Q8_GROUP_FACTORS) {
      int x0 = values[i];
      int x2 = values[i + 2];
      factors[to] = PanelKernels.halves(x0, x2);
      factors[to + 1] = PanelKernels.halves(values[i + 1] - 256 * x0, values[i + 3] - 256 * x2);
      factors[to + 2] = PanelKernels.halves(PAIR_BIAS - 128 * x0, PAIR_BIAS - 128 * x2);
    }
  }

  /** The activations of a block from its {@link #q8Factors}. */
  static void q8Activations(int[] factors, int from, int[] activations) {
    int at = from;
    for (int i = 0; i < COLUMNS; i += Q8_GROUP, at += Q8_GROUP_FACTORS) {
      int low = (short) factors[at];
      int high = factors[at] >> 16;
      activations[i] = low;
      activations[i + 1] = (short) (factors[at + 1] + 256 * low);
      activations[i + 2] = high;
      activations[i + 3] = (short) ((factors[at + 1] >> 16) + 256 * high);
    }
  }

  /**
   * What words of eight 4-bit weights are to be multiplied by, as two halves of 16 bits. With a
   * half {@code w = n0 + 16 n1 + 256 n2 + 4096 n3} and the activations {@code x0 .. x3} of its
   * columns,
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
   * @param length how many, a multiple of 8
   * @param factors receives for each eight columns four words: in the low halves the factors for
   *     columns 0, 4, 1 and 5, in the high halves those for columns 2, 6, 3 and 7
   */
  default void q4Factors(int[] values, int length, int[] factors) {
    int to = 0;
    for (int i = 0; i < length; i += Q4_GROUP, to += Q4_GROUP_FACTORS) {
      int low = 0;
      int high = 0;
      for (int step = 0; step < Q4_GROUP_FACTORS; step++) {
        int column = i + (step & 1) * 4 + (step >> 1);
        factors[to + step] =
            PanelKernels.halves(values[column] - 16 * low, values[column + 2] - 16 * high);
        low = values[column];
        high = values[column + 2];
      }
    }
  }

  /** The activations of a block from its {@link #q4Factors}. */
  static void q4Activations(int[] factors, int from, int[] activations) {
    int at = from;
    for (int i = 0; i < COLUMNS; i += Q4_GROUP) {
      int low = 0;
      int high = 0;
      for (int step = 0; step < Q4_GROUP_FACTORS; step++, at++) {
        int column = i + (step & 1) * 4 + (step >> 1);
        low = (short) (factors[at] + 16 * low);
        high = (short) ((factors[at] >> 16) + 16 * high);
        activations[column] = low;
        activations[column + 2] = high;
      }
    }
  }
}
