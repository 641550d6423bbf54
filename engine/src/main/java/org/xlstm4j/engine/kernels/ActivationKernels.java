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
   * What words of four 8-bit weights meet, as two halves of 16 bits. A weight {@code n} from -128
   * to 127 becomes a number {@code v} from 0 to 255 by turning over some of its bits: {@code v = n
   * + 128} for an activation {@code x} of at least 0, else {@code v = 127 - n}. Then {@code n x = v
   * |x| - 128 |x|} or {@code v |x| - 127 |x|}. A half holds {@code w = 256 v1 + v0}, and
   *
   * <pre>
   * v0 |x0| + v1 |x1| = w |x0| + (w &gt;&gt;&gt; 8)(|x1| - 256 |x0|),
   * </pre>
   *
   * so that no weight has to be widened from a byte. The terms do not fit 16 bits, but computed
   * modulo 2^16 their sum is right because the sum itself is from 0 to 2 * 255 * 127, which fits.
   *
   * @param values quantized activations as from {@link #quantize}
   * @param length how many, whole blocks
   * @param factors receives for each block the sum of all that is subtracted, negative, then for
   *     each four columns three words: what turns the weights' bits over; {@code |x0|}; {@code |x1|
   *     - 256 |x0|}. The latter are modulo 2^16 and twice, for the first two columns in the low
   *     half of the word and for the others in the high half
   */
  default void q8Factors(int[] values, int length, int[] factors) {
    int to = 0;
    for (int first = 0; first < length; first += COLUMNS) {
      int offset = to++;
      int subtracted = 0;
      for (int i = first; i < first + COLUMNS; i += Q8_GROUP, to += Q8_GROUP_FACTORS) {
        int turned = 0;
        for (int column = 0; column < Q8_GROUP; column++) {
          int value = values[i + column];
          int turn = value < 0 ? 127 : 128;
          turned |= turn << (Byte.SIZE * column);
          subtracted += turn * Math.abs(value);
        }
        int x0 = Math.abs(values[i]);
        int x1 = Math.abs(values[i + 1]);
        int x2 = Math.abs(values[i + 2]);
        int x3 = Math.abs(values[i + 3]);
        factors[to] = turned;
        factors[to + 1] = PanelKernels.halves(x0, x2);
        factors[to + 2] = PanelKernels.halves(x1 - 256 * x0, x3 - 256 * x2);
      }
      factors[offset] = -subtracted;
    }
  }

  /** The activations of a block from its {@link #q8Factors}. */
  static void q8Activations(int[] factors, int from, int[] activations) {
    int at = from + 1;
    for (int i = 0; i < COLUMNS; i += Q8_GROUP, at += Q8_GROUP_FACTORS) {
      int low = (short) factors[at + 1];
      int high = factors[at + 1] >> 16;
      activations[i] = low;
      activations[i + 1] = (short) (factors[at + 2] + 256 * low);
      activations[i + 2] = high;
      activations[i + 3] = (short) ((factors[at + 2] >> 16) + 256 * high);
      for (int column = 0; column < Q8_GROUP; column++) {
        boolean negative = (byte) (factors[at] >> (Byte.SIZE * column)) > 0;
        activations[i + column] *= negative ? -1 : 1;
      }
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
