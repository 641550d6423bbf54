package org.xlstm4j.models.forecast;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;

/** Reads the levels of a forecaster's quantiles from its configuration. */
public final class QuantileLevels {
  private static final String KEY = "quantiles";
  private static final int MOST = 1000;

  private QuantileLevels() {}

  /**
   * The levels.
   *
   * @param config that has them at the key {@code quantiles}
   * @return each between 0 and 1, 0.5 among them
   * @throws ModelFormatException if they are missing or others
   */
  public static List<Double> of(Config config) throws ModelFormatException {
    List<Double> levels = new ArrayList<>();
    for (double level : config.numbers(KEY)) {
      if (!(level > 0 && level < 1)) {
        throw config.error(KEY, String.valueOf(level), "levels between 0 and 1");
      }
      levels.add(level);
    }
    if (!levels.contains(0.5) || levels.size() > MOST) {
      throw config.error(KEY, levels.size() + " levels", "at most " + MOST + ", 0.5 among them");
    }
    return List.copyOf(levels);
  }
}
