package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.series.SeriesTimes;
import org.xlstm4j.models.forecast.Backtest;
import org.xlstm4j.models.forecast.QuantileInterpolation;
import org.xlstm4j.models.forecast.SeriesGroup;
import picocli.CommandLine.Option;

/** Options of a backtest. */
final class BacktestOptions {
  @Option(
      names = "--backtest",
      paramLabel = "N",
      description =
          "Do not forecast; say how good the model is on the last N windows of H values, each"
              + " forecast from what lies before it.")
  private @Nullable Integer windows;

  @Option(
      names = "--season",
      paramLabel = "S",
      description =
          "Number of values after which the series repeats, for the backtest (default: by the time"
              + " step, such as 24 for hours).")
  private @Nullable Integer season;

  /** Whether a backtest is asked for. */
  boolean given() {
    return windows != null;
  }

  /** Checks what was given. */
  void check() {
    if (windows != null && windows < 1) {
      throw new UsageException("--backtest is " + windows + ", expected at least 1");
    }
    if (season != null && season < 1) {
      throw new UsageException("--season is " + season + ", expected at least 1");
    }
    if (season != null && windows == null) {
      throw new UsageException("--season is of use for --backtest alone");
    }
  }

  /**
   * The backtest.
   *
   * @param source what the series' file is called, for errors
   * @param times of the series, or null
   * @param groups the series
   * @param horizon values in a window
   * @param quantiles at whose levels forecasts are scored
   * @throws IOException if the series is too short
   */
  Backtest backtest(
      String source,
      @Nullable SeriesTimes times,
      List<SeriesGroup> groups,
      int horizon,
      QuantileInterpolation quantiles)
      throws IOException {
    int length = season != null ? season : times == null ? 1 : times.season();
    try {
      return Backtest.of(groups, horizon, windows == null ? 1 : windows, length, quantiles);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          source + ": " + e.getMessage() + " (the season is " + length + ", see --season)", e);
    }
  }

  /** What is done, in a line. */
  String line(Backtest backtest, @Nullable SeriesTimes times) {
    int count = backtest.windows().count();
    String line =
        String.format(
            "%s of %d values, season %d",
            count == 1 ? "1 window" : count + " windows",
            backtest.windows().horizon(),
            backtest.season());
    if (season == null) {
      line +=
          times == null
              ? " (no times tell another, see --season)"
              : " (by the step of " + times.step() + ")";
    }
    boolean fewer = windows != null && count < windows;
    if (fewer) {
      line += "; the series is too short for " + windows;
    }
    if (backtest.windows().overlap()) {
      int stride = backtest.windows().stride();
      line +=
          (fewer ? "" : "; the series is too short to lay them end to end")
              + ": they overlap, one begins "
              + (stride == 1 ? "at every value" : "every " + stride + " values");
    }
    return line;
  }
}
