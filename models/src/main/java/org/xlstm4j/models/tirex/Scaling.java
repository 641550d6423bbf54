package org.xlstm4j.models.tirex;

import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Finite;

/**
 * How the values of a pass are scaled before the network sees them: {@code z = (x - location) /
 * scale}, with the mean and the standard deviation of the values that are there.
 *
 * @param location mean; 0 if all values are missing
 * @param scale standard deviation; 1 if all values are missing; if all values are equal, a little
 *     more than the location's magnitude, or next to nothing where the original's sum rounds
 */
record Scaling(float location, float scale) {
  private static final float EPSILON = 1e-5f;

  /** The scaling of some values, among them NaN for missing ones. */
  static Scaling of(float[] values, int first, int end) {
    double sum = 0;
    float roundedSum = 0;
    int present = 0;
    for (int i = first; i < end; i++) {
      if (!Float.isNaN(values[i])) {
        sum += values[i];
        roundedSum += values[i];
        present++;
      }
    }
    if (present == 0) {
      return new Scaling(0, 1);
    }
    float location = (float) (sum / present);
    double squares = 0;
    for (int i = first; i < end; i++) {
      if (!Float.isNaN(values[i])) {
        double difference = values[i] - location;
        squares += difference * difference;
      }
    }
    float scale = (float) Math.sqrt(squares / present);
    return new Scaling(
        location, scale > 0 ? scale : ofEqual(location, roundedSum / present == location));
  }

  /**
   * The scale of equal values. The original's mean is a sum of 32-bit floats: where it rounds, the
   * original finds a tiny scale about a mean that is off the value, and forecasts the value itself.
   */
  private static float ofEqual(float value, boolean exact) {
    return exact ? Math.abs(value) + EPSILON : Float.MIN_VALUE;
  }

  /**
   * Writes a patch as the network takes it: the scaled values, then for each of them whether it is
   * there.
   *
   * @param values of a series, NaN where they are missing
   * @param length number of them that are seen; what lies before and behind them is missing
   * @param from index of the patch's first value, perhaps negative
   * @param config the model's
   * @param target receives {@code [2 * patch]}
   * @param token which token of it
   */
  void write(float[] values, int length, int from, TirexConfig config, Columns target, int token) {
    int patch = config.patch();
    int to = target.at(token);
    for (int i = 0; i < patch; i++) {
      int at = from + i;
      boolean present = at >= 0 && at < length && !Float.isNaN(values[at]);
      target.data()[to + i] = present ? (values[at] - location) / scale : config.missing();
      target.data()[to + patch + i] = present ? 1 : 0;
    }
  }

  /**
   * Scales what the network says of a patch back.
   *
   * @param outputs holds {@code [levels][patch]}
   * @param from where they start
   * @param config the model's
   * @param quantiles receives {@code [steps][levels]}
   * @param first step of the patch's first value; the patch may reach behind the last step
   */
  void restore(float[] outputs, int from, TirexConfig config, float[] quantiles, int first) {
    int levels = config.levels().size();
    int patch = config.patch();
    Finite.require("quantiles", outputs, from, levels * patch);
    int count = Math.min(patch, quantiles.length / levels - first);
    for (int step = 0; step < count; step++) {
      for (int level = 0; level < levels; level++) {
        float output = outputs[from + level * patch + step];
        quantiles[(first + step) * levels + level] = output * scale + location;
      }
    }
  }
}
