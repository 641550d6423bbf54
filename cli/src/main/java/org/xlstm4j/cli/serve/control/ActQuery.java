package org.xlstm4j.cli.serve.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.act.ActSettings;
import org.xlstm4j.cli.serve.http.Query;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.loader.config.Config;

/**
 * How a robot wants to be served: the parameters of the path, called as the options of {@code xlstm
 * act}.
 *
 * @param model its name, or null for the default
 * @param settings what decides on the actions
 */
record ActQuery(@Nullable String model, ActSettings settings) {
  private static final String LIMITS = "limits";

  /**
   * Reads the parameters.
   *
   * @throws JsonException naming one that is wrong
   */
  static ActQuery of(Query query) throws JsonException {
    String model = query.textOrNull("model");
    Double deadline = milliseconds(query, "deadline");
    Double period = milliseconds(query, "period");
    ActSettings settings =
        new ActSettings(
            query.textOrNull("task"),
            parsed(query, "mode", "zero", ActSettings::mode),
            query.flag("settle"),
            deadline,
            period,
            parsed(query, "bad-observation", "reject", ActSettings::badObservation),
            parsed(query, "on-miss", "count", ActSettings::mostMissed),
            limits(query.textOrNull(LIMITS)));
    query.refuseOthers();
    if (deadline == null && period == null && settings.mostMissed() != Integer.MAX_VALUE) {
      throw new JsonException("on-miss", "on-miss stop needs a deadline or a period");
    }
    return new ActQuery(model, settings);
  }

  private static @Nullable Double milliseconds(Query query, String name) throws JsonException {
    return query.numberOrNull(name, ActSettings.LEAST_MILLISECONDS, ActSettings.MOST_MILLISECONDS);
  }

  private static <T> T parsed(
      Query query, String name, String otherwise, Function<String, T> parser) throws JsonException {
    try {
      return parser.apply(query.textOr(name, otherwise));
    } catch (IllegalArgumentException e) {
      throw new JsonException(name, String.valueOf(e.getMessage()));
    }
  }

  private static Config limits(@Nullable String json) throws JsonException {
    Path name = Path.of(LIMITS);
    try {
      return json == null ? Config.empty(name) : Config.parse(name, json);
    } catch (IOException e) {
      throw new JsonException(LIMITS, String.valueOf(e.getMessage()));
    }
  }
}
