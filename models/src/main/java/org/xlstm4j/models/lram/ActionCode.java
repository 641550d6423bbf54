package org.xlstm4j.models.lram;

/**
 * How a continuous action, one dimension of it, is written as one of {@code bins} tokens. Tokens
 * below {@code shift} are the discrete actions. Immutable and thread-safe.
 *
 * <p>The arithmetic is that of the original in 32-bit floats, its rounding included: bins are
 * truncated toward zero, and decoding gives a bin's lower edge.
 *
 * @param kind the rule
 * @param bins number of bins, at least 2
 * @param shift number of discrete actions, at least 0
 * @param lowest the smallest value
 * @param highest the largest value
 */
record ActionCode(Kind kind, int bins, int shift, float lowest, float highest) {
  /** The rules. */
  enum Kind {
    /** Bins of equal width; token t is the value {@code lowest + t * width}. */
    MINMAX,
    /** {@code bins} points of equal distance from the lowest to the highest value. */
    MINMAX2,
    /** The companding of telephony: finer near 0, values from -1 to 1. */
    MULAW
  }

  /**
   * The token of a value.
   *
   * @param value any finite number
   * @return {@code shift} to {@code shift + bins - 1}; for mu-law, values outside -1 to 1 are taken
   *     as -1 or 1
   */
  int encode(float value) {
    int bin =
        switch (kind) {
          case MINMAX -> Math.clamp((int) ((value - lowest) / width()), 0, bins - 1);
          case MINMAX2 -> {
            float inside = Math.clamp(value, lowest, highest);
            yield (int) ((inside - lowest) / (highest - lowest) * (bins - 1));
          }
          case MULAW -> {
            float mu = bins - 1;
            float inside = Math.clamp(value, -1f, 1f);
            float companded =
                Math.signum(inside) * (float) (Math.log1p(mu * Math.abs(inside)) / Math.log1p(mu));
            yield (int) ((companded + 1) / 2 * mu + 0.5f);
          }
        };
    return shift + bin;
  }

  /**
   * The value of a token.
   *
   * @param token 0 to {@code shift + bins - 1}; a discrete action gives the lowest value, with
   *     mu-law one below it
   * @return the value
   */
  float decode(int token) {
    int bin = token - shift;
    return switch (kind) {
      case MINMAX -> Math.max(bin, 0) * width() + lowest;
      case MINMAX2 -> (float) Math.max(bin, 0) / (bins - 1) * (highest - lowest) + lowest;
      case MULAW -> {
        float mu = bins - 1;
        float companded = 2 * (bin / mu) - 1;
        float exponent = Math.abs(companded) * (float) Math.log1p(mu);
        yield Math.signum(companded) * ((float) Math.exp(exponent) - 1) / mu;
      }
    };
  }

  private float width() {
    return (float) (((double) highest - lowest) / bins);
  }
}
