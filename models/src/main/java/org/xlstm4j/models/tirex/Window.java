package org.xlstm4j.models.tirex;

import org.xlstm4j.engine.tokens.Columns;

/**
 * What one pass of the network sees: the end of a series, cut into patches that the pass's last
 * known value ends, and scaled. A pass for a patch further ahead sees the series followed by
 * missing values, and so less of its beginning.
 *
 * <p>Patches before the first value hold only missing values. They bring the network into a state
 * that does not depend on the series, so the pass starts behind them.
 */
final class Window {
  private final TirexConfig config;
  private final float[] series;
  private final int length;
  private final int start;
  private final Scaling scaling;
  private final boolean empty;
  private final int padding;
  private final int ahead;

  /**
   * A window.
   *
   * @param config the model's
   * @param series its values, NaN where they are missing
   * @param gap number of missing values that follow them in the window
   * @param ahead patches the pass shall forecast, at least 1
   */
  Window(TirexConfig config, float[] series, int gap, int ahead) {
    this.config = config;
    this.series = series;
    length = series.length;
    this.ahead = ahead;
    // negative where the series is shorter than the window
    start = Math.addExact(length, gap) - config.contextLength();
    scaling = Scaling.of(series, Math.clamp(start, 0, length), length);
    int firstPresent = Math.max(start, 0);
    while (firstPresent < length && Float.isNaN(series[firstPresent])) {
      firstPresent++;
    }
    // the last patch's output is the forecast, so at least one patch is left
    empty = firstPresent >= length;
    int before = !empty ? firstPresent - start : config.contextLength();
    padding = Math.min(before / config.patch(), config.patches() - 1);
  }

  /** Whether the window shows no value of the series. */
  boolean isEmpty() {
    return empty;
  }

  Scaling scaling() {
    return scaling;
  }

  /** Patches at the start without any value. */
  int padding() {
    return padding;
  }

  /** Patches the pass forecasts. */
  int ahead() {
    return ahead;
  }

  /** Patches behind the padding, up to the last one whose output is needed. */
  int tokens() {
    return config.patches() - padding + ahead - 1;
  }

  /**
   * Writes the patches from some on as the network takes them: the scaled values, then for each of
   * them whether it is there.
   *
   * @param firstPatch the first to write, 0 for all
   * @param count how many
   * @param target {@code [count][2 * patch]}
   */
  void write(int firstPatch, int count, Columns target) {
    for (int token = 0; token < count; token++) {
      int from = start + (firstPatch + token) * config.patch();
      scaling.write(series, length, from, config, target, token);
    }
  }
}
