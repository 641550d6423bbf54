package org.xlstm4j.cli.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.models.forecast.Forecast;

/**
 * What a plot shows: the end of a series and its forecast.
 *
 * @param past the last values, NaN where they are missing
 * @param median of the forecast
 * @param bands from the widest to the narrowest
 * @param scale fits all of them
 */
@SuppressWarnings("ArrayRecordComponent") // read once
record PlotData(float[] past, float[] median, List<Band> bands, PlotScale scale) {
  /** Values of the past that are worth showing for each one forecast, and at least. */
  private static final int PAST_FOR_EACH = 3;

  private static final int LEAST_PAST = 64;

  /**
   * The values between two quantiles, as far below as above the median.
   *
   * @param lower quantile of each step
   * @param upper quantile of each step
   */
  @SuppressWarnings("ArrayRecordComponent") // read once
  record Band(float[] lower, float[] upper) {}

  static PlotData of(float[] series, Forecast forecast) {
    long wanted = Math.max(LEAST_PAST, (long) PAST_FOR_EACH * forecast.horizon());
    int shown = (int) Math.min(series.length, wanted);
    float[] past = Arrays.copyOfRange(series, series.length - shown, series.length);
    List<Band> bands = new ArrayList<>();
    List<float[]> all = new ArrayList<>(List.of(past, forecast.median()));
    List<Double> levels = forecast.levels().stream().sorted().toList();
    for (int i = 0; i < levels.size() / 2; i++) {
      float[] lower = quantiles(forecast, levels.get(i));
      float[] upper = quantiles(forecast, levels.get(levels.size() - 1 - i));
      bands.add(new Band(lower, upper));
      all.add(lower);
      all.add(upper);
    }
    return new PlotData(past, forecast.median(), bands, PlotScale.of(all));
  }

  private static float[] quantiles(Forecast forecast, double level) {
    int index = forecast.levels().indexOf(level);
    float[] values = new float[forecast.horizon()];
    for (int step = 0; step < values.length; step++) {
      values[step] = forecast.quantile(step, index);
    }
    return values;
  }
}
