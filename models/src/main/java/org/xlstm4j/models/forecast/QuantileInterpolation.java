package org.xlstm4j.models.forecast;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Quantiles at levels that a model does not forecast. Between two of its levels a quantile lies on
 * the straight line between theirs. Beyond the outermost ones nothing is known about the tail; the
 * quantile there is that of the outermost level.
 *
 * <p>Immutable and thread-safe.
 */
public final class QuantileInterpolation {
  private final List<Double> levels;

  /**
   * An interpolation to some levels.
   *
   * @param levels each above 0 and below 1, in any order, none twice
   * @throws IllegalArgumentException if there is no level, or another one
   */
  public QuantileInterpolation(List<Double> levels) {
    this.levels = List.copyOf(levels);
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("no level");
    }
    for (double level : levels) {
      if (!(level > 0 && level < 1)) {
        throw new IllegalArgumentException(
            "a level of " + level + ", expected one between 0 and 1");
      }
    }
    if (new HashSet<>(levels).size() < levels.size()) {
      throw new IllegalArgumentException("a level twice in " + levels);
    }
  }

  /**
   * The levels.
   *
   * @return an unmodifiable list, in the order given
   */
  public List<Double> levels() {
    return levels;
  }

  /**
   * Those of the levels that lie beyond a model's outermost ones.
   *
   * @param known the model's levels, at least one
   * @return none, if all lie between
   */
  public List<Double> beyond(List<Double> known) {
    double least = known.stream().min(Comparator.naturalOrder()).orElseThrow();
    double most = known.stream().max(Comparator.naturalOrder()).orElseThrow();
    return levels.stream().filter(level -> level < least || level > most).toList();
  }

  /**
   * The same forecast at these levels. Quantiles that cross, as a network's may, are taken as they
   * are.
   *
   * @param forecast of at least one level
   * @return a forecast of as many steps; that given if it has these levels
   */
  public Forecast of(Forecast forecast) {
    if (forecast.levels().equals(levels)) {
      return forecast;
    }
    int[] order =
        IntStream.range(0, forecast.levels().size())
            .boxed()
            .sorted(Comparator.comparing(forecast.levels()::get))
            .mapToInt(Integer::intValue)
            .toArray();
    int horizon = forecast.horizon();
    float[] quantiles = new float[Math.multiplyExact(horizon, levels.size())];
    for (int i = 0; i < levels.size(); i++) {
      double level = levels.get(i);
      int above = 0;
      while (above < order.length - 1 && forecast.levels().get(order[above]) < level) {
        above++;
      }
      int upper = order[above];
      int lower = order[Math.max(above - 1, 0)];
      double share = share(forecast.levels().get(lower), forecast.levels().get(upper), level);
      for (int step = 0; step < horizon; step++) {
        double from = forecast.quantile(step, lower);
        double to = forecast.quantile(step, upper);
        quantiles[step * levels.size() + i] =
            (float) (share == 1 ? to : from + share * (to - from));
      }
    }
    return new Forecast(levels, horizon, forecast.reach(), quantiles);
  }

  /** Where a level lies from one level to the next: 1 at the next and beyond it. */
  private static double share(double lower, double upper, double level) {
    return level >= upper || upper == lower ? 1 : (level - lower) / (upper - lower);
  }
}
