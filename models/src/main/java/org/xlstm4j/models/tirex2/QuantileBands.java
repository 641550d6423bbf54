package org.xlstm4j.models.tirex2;

/**
 * From the network's quantiles of a row to those of the forecast. With m the median, e a quantile's
 * distance from it, and t the step, from 1 on:
 *
 * <pre>
 * m[t] + sqrt(0.90) t^0.02 e[t]                                          a row as it is
 * last + sum of m[..t] + sqrt(1.68) s sqrt(sum of e[..t]^2) t^0.01       a row of differences
 * </pre>
 *
 * <p>s is the sign of the sum of e. Quantiles may cross.
 */
final class QuantileBands {
  private static final double PLAIN_FACTOR = Math.sqrt(0.90);
  private static final double PLAIN_EXPONENT = 0.52 - 0.5;
  private static final double SUM_FACTOR = Math.sqrt(1.68);
  private static final double SUM_EXPONENT = 0.51 - 0.5;

  private QuantileBands() {}

  /**
   * A row of either kind.
   *
   * @param quantiles {@code [levels][steps]}, changed
   * @param config the model's
   * @param differenced whether it is a row of differences
   * @param last the value that the first difference is added to
   */
  static void finish(double[][] quantiles, Tirex2Config config, boolean differenced, double last) {
    if (differenced) {
      // the sign of a band is that of the first pass, as if there were no others
      int decisive = Math.min(quantiles[0].length, config.futureLength());
      integrate(quantiles, config.median(), last, decisive);
    } else {
      recalibrate(quantiles, config.median());
    }
  }

  /**
   * The quantiles as 32-bit floats, the largest where a value leaves no room.
   *
   * @param quantiles {@code [levels][steps]}
   * @return {@code [steps][levels]}
   */
  static float[] floats(double[][] quantiles) {
    int levels = quantiles.length;
    float[] floats = new float[Math.multiplyExact(levels, quantiles[0].length)];
    for (int i = 0; i < floats.length; i++) {
      double value = quantiles[i % levels][i / levels];
      floats[i] = (float) Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE);
    }
    return floats;
  }

  /**
   * A row as it is.
   *
   * @param quantiles {@code [levels][steps]}, changed
   * @param median index of the median
   */
  static void recalibrate(double[][] quantiles, int median) {
    double[] middle = quantiles[median].clone();
    for (double[] quantile : quantiles) {
      for (int t = 0; t < middle.length; t++) {
        double factor = PLAIN_FACTOR * Math.pow(t + 1, PLAIN_EXPONENT);
        quantile[t] = middle[t] + factor * (quantile[t] - middle[t]);
      }
    }
  }

  /**
   * A row of differences.
   *
   * @param quantiles {@code [levels][steps]}, changed
   * @param median index of the median
   * @param last the value that the first difference is added to
   * @param decisive number of steps from the first on that the sign depends on
   */
  static void integrate(double[][] quantiles, int median, double last, int decisive) {
    double[] middle = quantiles[median].clone();
    for (double[] quantile : quantiles) {
      double sign = sign(quantile, middle, decisive);
      double level = last;
      double squares = 0;
      for (int t = 0; t < middle.length; t++) {
        double distance = quantile[t] - middle[t];
        level += middle[t];
        squares += distance * distance;
        quantile[t] =
            level + SUM_FACTOR * sign * Math.sqrt(squares) * Math.pow(t + 1, SUM_EXPONENT);
      }
    }
  }

  private static double sign(double[] quantile, double[] middle, int steps) {
    double sum = 0;
    for (int t = 0; t < steps; t++) {
      sum += quantile[t] - middle[t];
    }
    return Math.signum(sum);
  }
}
