package org.xlstm4j.cli.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The vertical axis of a plot.
 *
 * @param least smallest value drawn
 * @param most largest value drawn, above {@code least}
 */
record PlotScale(double least, double most) {
  /** The axis that shows all of some values; NaN does not count. */
  static PlotScale of(Iterable<float[]> values) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (float[] some : values) {
      for (float value : some) {
        if (!Float.isNaN(value)) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
    }
    if (!(most > least)) {
      double middle = Double.isFinite(least) ? least : 0;
      double half = Math.max(Math.abs(middle) * 0.01, 1e-9);
      return new PlotScale(middle - half, middle + half);
    }
    return new PlotScale(least, most);
  }

  /** 0 for the smallest, 1 for the largest value. */
  double share(double value) {
    return (value - least) / (most - least);
  }

  /** About {@code count} round numbers on the axis: multiples of 1, 2 or 5 times a power of ten. */
  List<Double> ticks(int count) {
    double rough = (most - least) / count;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = 10 * power;
    for (int factor : new int[] {5, 2, 1}) {
      if (factor * power >= rough) {
        step = factor * power;
      }
    }
    List<Double> ticks = new ArrayList<>();
    long first = (long) Math.ceil(least / step);
    for (long i = first; i * step <= most && ticks.size() <= 2 * count; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** A value with as many digits as the axis tells apart. */
  String label(double value) {
    double span = most - least;
    double magnitude = Math.max(Math.abs(least), Math.abs(most));
    if (magnitude >= 1e7 || magnitude < 1e-3) {
      return String.format(Locale.ROOT, "%.3g", value);
    }
    int decimals = (int) Math.clamp(Math.ceil(1 - Math.log10(span)), 0, 6);
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
