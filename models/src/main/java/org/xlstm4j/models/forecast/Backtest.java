package org.xlstm4j.models.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.engine.threads.Team;

/**
 * How good a model is on series whose end is known: windows at their end are forecast from what
 * lies before each, and compared with the values that came and with the {@link SeasonalNaive}
 * forecast. Covariates that are known ahead are so in the windows too.
 *
 * @param windows the windows, for all series the same
 * @param season number of values after which the series repeat, 1 if they do not
 * @param quantiles at whose levels the forecasts are scored
 */
public record Backtest(BacktestWindows windows, int season, QuantileInterpolation quantiles) {
  /**
   * The two forecasts of one target.
   *
   * @param model the model's
   * @param naive the seasonal naive one
   */
  public record Comparison(ForecastScore model, ForecastScore naive) {
    /**
     * The model's error in units of the other's.
     *
     * @return below 1 if the model is better; NaN if one of them cannot be said
     */
    public double relativeError() {
      return model.meanAbsoluteScaledError() / naive.meanAbsoluteScaledError();
    }
  }

  /**
   * Windows for some groups.
   *
   * @param groups of the same length
   * @param horizon values in a window, at least 1
   * @param wanted number of windows, at least 1
   * @param season number of values after which the series repeat
   * @param quantiles at whose levels the forecasts are scored
   * @return the backtest
   * @throws IllegalArgumentException if a series is too short: before the first window each has to
   *     have as many values as a window, and one more than the season, counted from its first value
   *     that is not missing
   */
  public static Backtest of(
      List<SeriesGroup> groups,
      int horizon,
      int wanted,
      int season,
      QuantileInterpolation quantiles) {
    int past = Math.max(season + 1, horizon);
    int missing =
        groups.stream()
            .flatMap(group -> group.targets().stream())
            .mapToInt(Backtest::missingAtFirst)
            .max()
            .orElse(0);
    int length = groups.getFirst().length() - missing;
    BacktestWindows windows = BacktestWindows.of(length, past, horizon, wanted);
    return new Backtest(
        new BacktestWindows(length + missing, horizon, windows.count(), windows.stride()),
        season,
        quantiles);
  }

  private static int missingAtFirst(float[] values) {
    int count = 0;
    while (count < values.length && Float.isNaN(values[count])) {
      count++;
    }
    return count;
  }

  /**
   * Forecasts the windows, all of them together.
   *
   * @param model which
   * @param groups of the windows' length
   * @param options how; the horizon is that of the windows
   * @param team the threads to compute with
   * @return for each group a comparison a target
   */
  public List<List<Comparison>> run(
      ForecastModel model, List<SeriesGroup> groups, ForecastOptions options, Team team) {
    List<SeriesGroup> pasts = new ArrayList<>();
    for (SeriesGroup group : groups) {
      for (int window = 0; window < windows.count(); window++) {
        pasts.add(before(group, windows.begin(window)));
      }
    }
    List<List<Forecast>> forecasts = model.forecastGroups(pasts, options, team);
    List<List<Comparison>> comparisons = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      int first = g * windows.count();
      List<List<Forecast>> ofGroup = forecasts.subList(first, first + windows.count());
      List<Comparison> ofTargets = new ArrayList<>();
      for (int t = 0; t < groups.get(g).targets().size(); t++) {
        int target = t;
        ofTargets.add(
            compare(
                groups.get(g).targets().get(t),
                ofGroup.stream().map(ofWindow -> ofWindow.get(target)).toList()));
      }
      comparisons.add(ofTargets);
    }
    return comparisons;
  }

  /** What is known of a group when a window begins. */
  private SeriesGroup before(SeriesGroup group, int begin) {
    return new SeriesGroup(
        cut(group.targets(), begin),
        cut(group.past(), begin),
        cut(group.future(), begin + windows.horizon()));
  }

  private static List<float[]> cut(List<float[]> rows, int length) {
    return rows.stream().map(row -> Arrays.copyOf(row, length)).toList();
  }

  private Comparison compare(float[] series, List<Forecast> forecasts) {
    SeasonalNaive naive = new SeasonalNaive(season);
    List<Double> levels = quantiles.levels();
    ScoreSum ofModel = new ScoreSum(naive, levels);
    ScoreSum ofNaive = new ScoreSum(naive, levels);
    int horizon = windows.horizon();
    for (int window = 0; window < windows.count(); window++) {
      int begin = windows.begin(window);
      float[] past = Arrays.copyOf(series, begin);
      float[] actual = Arrays.copyOfRange(series, begin, begin + horizon);
      Forecast forecast = forecasts.get(window);
      ofModel.add(past, actual, forecast.median(), quantiles.of(forecast));
      ofNaive.add(past, actual, naive.values(past, horizon), naive.forecast(past, horizon, levels));
    }
    return new Comparison(ofModel.score(), ofNaive.score());
  }
}
