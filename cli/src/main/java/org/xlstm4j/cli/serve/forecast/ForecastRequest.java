package org.xlstm4j.cli.serve.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.QuantileInterpolation;
import org.xlstm4j.models.forecast.SeriesGroup;

/**
 * What is to be forecast, and how far.
 *
 * @param model its name, or empty for the default
 * @param groups series that belong together; single ones are groups of one
 * @param single whether the client sent single series, and wants single forecasts
 * @param horizon how many values to forecast, at least 1
 * @param levels of the quantiles wanted, or null for the model's
 * @param extend whether to go on beyond the model's longest horizon
 * @param rollout patches a pass
 */
record ForecastRequest(
    String model,
    List<SeriesGroup> groups,
    boolean single,
    int horizon,
    @Nullable QuantileInterpolation levels,
    boolean extend,
    int rollout) {
  /** Fields whose values are lists of numbers, or lists of these. */
  static final List<String> NUMBERS =
      List.of("context", "target", "past_covariates", "future_covariates", "quantile_levels");

  /** Longest horizon. */
  static final int MOST_STEPS = 10_000;

  /** Most levels of quantiles. */
  static final int MOST_LEVELS = 99;

  /** Most patches a pass. */
  static final int MOST_ROLLOUT = 1000;

  private static final int USUAL_STEPS = 32;
  private static final int MOST_SERIES = 4096;
  private static final int MOST_ROWS = 512;
  private static final long MOST_QUANTILES = 4 << 20;

  /** Reads the fields of a request. */
  static ForecastRequest of(Fields fields) throws JsonException {
    fields.neutral("user", fields.textOr("user", ""));
    Context context = context(fields);
    ForecastRequest request =
        new ForecastRequest(
            fields.textOr("model", ""),
            context.groups,
            context.single,
            horizon(fields),
            levels(fields),
            fields.flagOr("extend", false),
            (int) fields.integerOr("rollout", 1, 1, MOST_ROLLOUT));
    fields.refuseOthers();
    return request;
  }

  /** Reads what the TiRex container takes. */
  static ForecastRequest ofContainer(Fields fields, boolean single) throws JsonException {
    Context context = context(fields);
    if (context.single != single) {
      throw new JsonException(
          "context",
          "context: expected a list of "
              + (single ? "series, each a list of numbers" : "objects with a target"));
    }
    ForecastRequest request =
        new ForecastRequest(
            fields.textOr("model", ""),
            context.groups,
            single,
            (int) fields.integerOr("prediction_length", USUAL_STEPS, 1, MOST_STEPS),
            null,
            false,
            1);
    fields.refuseOthers();
    return request;
  }

  /** How many series are to be forecast. */
  int targets() {
    return groups.stream().mapToInt(group -> group.targets().size()).sum();
  }

  /**
   * How many numbers the answer will have.
   *
   * @param ofModel number of levels if the request names none
   * @throws JsonException if they are too many
   */
  long answerNumbers(int ofModel) throws JsonException {
    int each = levels == null ? ofModel : levels.levels().size();
    long numbers = (long) targets() * horizon * each;
    if (numbers > MOST_QUANTILES) {
      throw new JsonException(
          "context",
          "context: "
              + targets()
              + " series with "
              + horizon
              + " steps of "
              + each
              + " quantiles are more than "
              + MOST_QUANTILES
              + " numbers");
    }
    return numbers;
  }

  private static int horizon(Fields fields) throws JsonException {
    boolean ours = fields.has("horizon");
    if (ours && fields.has("prediction_length")) {
      throw new JsonException(
          "horizon", "horizon and prediction_length are two names of the same thing");
    }
    String name = ours ? "horizon" : "prediction_length";
    return (int) fields.integerOr(name, USUAL_STEPS, 1, MOST_STEPS);
  }

  private static @Nullable QuantileInterpolation levels(Fields fields) throws JsonException {
    if (!fields.has("quantile_levels")) {
      return null;
    }
    Object value = fields.value("quantile_levels");
    if (!(value instanceof double[] wanted) || wanted.length > MOST_LEVELS) {
      throw fields.wrong(
          "quantile_levels", value, "at most " + MOST_LEVELS + " numbers between 0 and 1");
    }
    List<Double> levels = new ArrayList<>();
    for (double level : wanted) {
      levels.add(level);
    }
    try {
      return new QuantileInterpolation(levels);
    } catch (IllegalArgumentException e) {
      throw new JsonException("quantile_levels", "quantile_levels: " + e.getMessage());
    }
  }

  private record Context(List<SeriesGroup> groups, boolean single) {}

  private static Context context(Fields fields) throws JsonException {
    Object value = fields.value("context");
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      throw fields.wrong(
          "context", value, "a list of series, each a list of numbers, or of objects");
    }
    if (list.size() > MOST_SERIES) {
      throw fields.wrong("context", value, "at most " + MOST_SERIES + " series");
    }
    if (list.getFirst() instanceof Map<?, ?>) {
      List<SeriesGroup> groups = new ArrayList<>();
      for (Fields one : fields.objects("context")) {
        groups.add(group(one));
      }
      long rows = groups.stream().mapToLong(SeriesGroup::rows).sum();
      if (rows > MOST_SERIES) {
        throw new JsonException(
            "context", "context holds " + rows + " rows, expected at most " + MOST_SERIES);
      }
      return new Context(groups, false);
    }
    List<SeriesGroup> groups = new ArrayList<>();
    for (Object item : list) {
      groups.add(SeriesGroup.of(series("context[" + groups.size() + "]", item, true)));
    }
    return new Context(groups, true);
  }

  private static SeriesGroup group(Fields group) throws JsonException {
    List<float[]> targets = rows(group, "target", true);
    List<float[]> past = rows(group, "past_covariates", false);
    List<float[]> future = rows(group, "future_covariates", false);
    group.refuseOthers();
    if (targets.isEmpty()) {
      throw group.wrong("target", null, "a list of series");
    }
    try {
      return new SeriesGroup(targets, past, future);
    } catch (IllegalArgumentException e) {
      throw new JsonException(group.path("target"), group.path("target") + ": " + e.getMessage());
    }
  }

  private static List<float[]> rows(Fields group, String name, boolean filled)
      throws JsonException {
    Object value = group.value(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list) || list.size() > MOST_ROWS) {
      throw group.wrong(name, value, "a list of at most " + MOST_ROWS + " series");
    }
    List<float[]> rows = new ArrayList<>();
    for (Object item : list) {
      rows.add(series(group.path(name) + "[" + rows.size() + "]", item, filled));
    }
    return rows;
  }

  /** A series; it is named in what is wrong with it. */
  private static float[] series(String name, @Nullable Object value, boolean filled)
      throws JsonException {
    if (!(value instanceof double[] numbers)) {
      throw new JsonException(
          name, name + ": expected a list of numbers, null where one is missing");
    }
    float[] series = new float[numbers.length];
    boolean present = false;
    for (int i = 0; i < series.length; i++) {
      series[i] = (float) numbers[i];
      present |= !Float.isNaN(series[i]);
    }
    if (filled && !present) {
      throw new JsonException(name, name + " holds no value");
    }
    try {
      ForecastModel.requireUsable("", series);
    } catch (IllegalArgumentException e) {
      throw new JsonException(name, name + ": " + e.getMessage());
    }
    return series;
  }
}
