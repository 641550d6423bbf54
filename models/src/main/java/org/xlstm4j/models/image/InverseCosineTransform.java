package org.xlstm4j.models.image;

/**
 * From the coefficients of a block of 8 by 8 to its samples: the transform by Loeffler, Ligtenberg
 * and Moschytz in whole numbers with 13 fractional bits, rounded as the widespread decoders of JPEG
 * round it. Not thread-safe.
 */
final class InverseCosineTransform {
  private static final int FRACTION_BITS = 13;

  /** Fractional bits that are kept between columns and rows. */
  private static final int KEPT_BITS = 2;

  // cosines and their sums, times 2^13
  private static final int C_0_298631336 = 2446;
  private static final int C_0_390180644 = 3196;
  private static final int C_0_541196100 = 4433;
  private static final int C_0_765366865 = 6270;
  private static final int C_0_899976223 = 7373;
  private static final int C_1_175875602 = 9633;
  private static final int C_1_501321110 = 12299;
  private static final int C_1_847759065 = 15137;
  private static final int C_1_961570560 = 16069;
  private static final int C_2_053119869 = 16819;
  private static final int C_2_562915447 = 20995;
  private static final int C_3_072711026 = 25172;

  private final int[] values = new int[64];

  /**
   * Transforms a block.
   *
   * @param coefficients the block's, row by row
   * @param from where they start
   * @param quantization what they are multiplied by, row by row
   * @param samples receives eight rows of eight samples
   * @param to index of the first one
   * @param stride from row to row
   */
  void transform(
      short[] coefficients, int from, int[] quantization, byte[] samples, int to, int stride) {
    for (int i = 0; i < 64; i++) {
      values[i] = coefficients[from + i] * quantization[i];
    }
    for (int column = 0; column < 8; column++) {
      transform(column, 8, FRACTION_BITS - KEPT_BITS);
    }
    for (int row = 0; row < 8; row++) {
      transform(8 * row, 1, FRACTION_BITS + KEPT_BITS + 3);
      int target = to + row * stride;
      for (int i = 0; i < 8; i++) {
        samples[target + i] = (byte) Math.clamp(values[8 * row + i] + 128, 0, 255);
      }
    }
  }

  /** One column or row in place. */
  private void transform(int at, int step, int shift) {
    int[] v = values;
    int i1 = at + step;
    int i2 = i1 + step;
    int i3 = i2 + step;
    int i4 = i3 + step;
    int i5 = i4 + step;
    int i6 = i5 + step;
    int i7 = i6 + step;
    int half = 1 << (shift - 1);
    if ((v[i1] | v[i2] | v[i3] | v[i4] | v[i5] | v[i6] | v[i7]) == 0) {
      int constant = ((v[at] << FRACTION_BITS) + half) >> shift;
      v[at] = constant;
      v[i1] = constant;
      v[i2] = constant;
      v[i3] = constant;
      v[i4] = constant;
      v[i5] = constant;
      v[i6] = constant;
      v[i7] = constant;
      return;
    }
    int turn = (v[i2] + v[i6]) * C_0_541196100;
    int even2 = turn - v[i6] * C_1_847759065;
    int even3 = turn + v[i2] * C_0_765366865;
    int even0 = (v[at] + v[i4]) << FRACTION_BITS;
    int even1 = (v[at] - v[i4]) << FRACTION_BITS;
    int sum0 = even0 + even3 + half;
    int sum1 = even1 + even2 + half;
    int sum2 = even1 - even2 + half;
    int sum3 = even0 - even3 + half;

    int cross = (v[i7] + v[i3] + v[i5] + v[i1]) * C_1_175875602;
    int outer = -(v[i7] + v[i1]) * C_0_899976223;
    int inner = -(v[i5] + v[i3]) * C_2_562915447;
    int lower = cross - (v[i7] + v[i3]) * C_1_961570560;
    int upper = cross - (v[i5] + v[i1]) * C_0_390180644;
    int odd0 = v[i7] * C_0_298631336 + outer + lower;
    int odd1 = v[i5] * C_2_053119869 + inner + upper;
    int odd2 = v[i3] * C_3_072711026 + inner + lower;
    int odd3 = v[i1] * C_1_501321110 + outer + upper;

    v[at] = (sum0 + odd3) >> shift;
    v[i7] = (sum0 - odd3) >> shift;
    v[i1] = (sum1 + odd2) >> shift;
    v[i6] = (sum1 - odd2) >> shift;
    v[i2] = (sum2 + odd1) >> shift;
    v[i5] = (sum2 - odd1) >> shift;
    v[i3] = (sum3 + odd0) >> shift;
    v[i4] = (sum3 - odd0) >> shift;
  }
}
