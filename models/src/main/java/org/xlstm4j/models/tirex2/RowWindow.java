package org.xlstm4j.models.tirex2;

import org.xlstm4j.engine.tokens.Columns;

/**
 * What a pass sees of one row, a target or a covariate: the end of its past and the time that is
 * forecast, of which only covariates may have values; cut into patches and scaled. Immutable.
 */
final class RowWindow {
  private final int patch;

  /** Whole patches, NaN where values are missing. */
  private final float[] values;

  private final RowScaling scaling;
  private final boolean known;
  private final int firstPatch;
  private final boolean empty;

  /**
   * A window.
   *
   * @param config the model's
   * @param row its values, NaN where they are missing
   * @param length number of them that the pass may see
   * @param end index of the first value behind the window, counted as in {@code row}
   * @param target whether the row is to be forecast
   * @param negated whether the pass sees the row with the other sign
   */
  RowWindow(
      Tirex2Config config, float[] row, int length, int end, boolean target, boolean negated) {
    patch = config.patch();
    values = new float[config.patches() * patch];
    int first = end - values.length;
    int seen = Math.max(end - config.contextLength() - config.futureLength(), 0);
    int present = values.length;
    int future = values.length - config.futureLength();
    boolean ahead = false;
    for (int i = values.length - 1; i >= 0; i--) {
      int at = first + i;
      float value = at >= seen && at < length ? row[at] : Float.NaN;
      values[i] = negated ? -value : value;
      if (!Float.isNaN(value)) {
        present = i;
        ahead |= i >= future;
      }
    }
    known = ahead && !target;
    empty = present == values.length;
    firstPatch = present / patch;
    scaling = RowScaling.of(values, config.scaler());
  }

  RowScaling scaling() {
    return scaling;
  }

  /** Whether the row is a covariate that is known in the time that is forecast. */
  boolean isKnown() {
    return known;
  }

  /** Whether the window shows no value of the row. */
  boolean isEmpty() {
    return empty;
  }

  /** The first patch with a value; the number of patches if there is none. */
  int firstPatch() {
    return firstPatch;
  }

  /**
   * Writes some patches as the network takes them: the scaled values, then for each of them whether
   * it is there.
   *
   * @param first the first patch to write
   * @param count how many
   * @param target {@code [count][2 * patch]}
   */
  void write(int first, int count, Columns target) {
    for (int token = 0; token < count; token++) {
      int from = (first + token) * patch;
      int to = target.at(token);
      for (int i = 0; i < patch; i++) {
        scaling.write(values[from + i], patch, target.data(), to + i);
      }
    }
  }
}
