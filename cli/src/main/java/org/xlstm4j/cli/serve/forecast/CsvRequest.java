package org.xlstm4j.cli.serve.forecast;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.forecast.ForecastGroups;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.series.Series;
import org.xlstm4j.cli.series.SeriesFile;
import org.xlstm4j.cli.serve.http.Query;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.models.forecast.QuantileInterpolation;

/**
 * Separated values, and how to read and forecast them: the parameters are called as the options of
 * {@code xlstm forecast}.
 *
 * @param model its name, or empty for the default
 * @param series what the values are, and how much of them is wanted back
 * @param each whether to forecast each column by itself, where a model would see them together
 * @param horizon how many values to forecast
 * @param levels of the quantiles wanted, or null for the model's
 * @param extend whether to go on beyond the model's longest horizon
 * @param rollout patches a pass
 */
record CsvRequest(
    String model,
    CsvSeries series,
    boolean each,
    int horizon,
    @Nullable QuantileInterpolation levels,
    boolean extend,
    int rollout) {
  /** The name of the values, for errors. */
  private static final String NAME = "the body";

  private static final int MOST_HISTORY = 100_000;

  /**
   * Reads a request.
   *
   * @throws JsonException if a parameter is wrong or the values cannot be read
   */
  static CsvRequest of(Query query, byte[] body) throws JsonException {
    String model = query.textOr("model", "");
    SeriesFile.Reading how = reading(query);
    int horizon = query.integerOr("horizon", 0, 1, ForecastRequest.MOST_STEPS);
    int last = query.integerOr("last", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
    int history = query.integerOr("history", 0, 0, MOST_HISTORY);
    boolean each = query.flag("each");
    QuantileInterpolation levels = levels(query);
    boolean extend = query.flag("extend");
    int rollout = query.integerOr("rollout", 1, 1, ForecastRequest.MOST_ROLLOUT);
    query.refuseOthers();
    if (how.targets().isEmpty()) {
      throw new JsonException("column", "column is missing, expected a heading or a number from 1");
    }
    if (horizon == 0) {
      throw new JsonException("horizon", "horizon is missing, expected a number of steps");
    }
    SeriesFile file;
    try {
      file = SeriesFile.readText(NAME, new ByteArrayInputStream(body), how).last(last);
    } catch (IOException | UsageException e) {
      throw new JsonException("", String.valueOf(e.getMessage()));
    }
    for (Series target : file.targets()) {
      if (target.missingAtEnd() == target.values().length) {
        throw new JsonException("", NAME + ": no value in column " + target.title());
      }
    }
    return new CsvRequest(
        model, new CsvSeries(file, history), each, horizon, levels, extend, rollout);
  }

  /**
   * The request as one of the other form.
   *
   * @param takesGroups whether the model sees several columns together
   */
  ForecastRequest request(boolean takesGroups) {
    boolean together = takesGroups && !each;
    return new ForecastRequest(
        model,
        new ForecastGroups(series.file(), Map.of()).groups(together),
        !together,
        horizon,
        levels,
        extend,
        rollout);
  }

  private static SeriesFile.Reading reading(Query query) throws JsonException {
    String time = query.textOrNull("time");
    boolean withoutTimes = query.flag("no-time");
    if (time != null && withoutTimes) {
      throw new JsonException("time", "time and no-time exclude each other");
    }
    try {
      return SeriesFile.Reading.of(
          query.texts("column"),
          query.texts("covariate"),
          time,
          withoutTimes,
          query.textOrNull("separator"),
          query.flag("decimal-comma"),
          query.flagOrNull("heading"));
    } catch (UsageException e) {
      throw new JsonException("separator", String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable QuantileInterpolation levels(Query query) throws JsonException {
    String text = query.textOrNull("quantiles");
    if (text == null) {
      return null;
    }
    List<Double> levels = new ArrayList<>();
    try {
      for (String level : text.split(",", -1)) {
        levels.add(Double.parseDouble(level.strip()));
      }
      if (levels.size() <= ForecastRequest.MOST_LEVELS) {
        return new QuantileInterpolation(levels);
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw Query.wrong(
        "quantiles",
        text,
        "at most "
            + ForecastRequest.MOST_LEVELS
            + " different levels between 0 and 1, such as 0.1,0.5,0.9");
  }
}
