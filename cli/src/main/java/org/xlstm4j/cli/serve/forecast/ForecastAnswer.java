package org.xlstm4j.cli.serve.forecast;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.json.Json;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.QuantileInterpolation;

/**
 * Forecasts as JSON: of each series the median, called mean as others call it, and the quantiles, a
 * row a level. Those of a group have the variates in front.
 *
 * @param model its name
 * @param groups the model's forecasts, at least one each, all of the same horizon
 * @param single whether groups are single series, whose forecasts stand alone
 * @param levels of the quantiles wanted
 * @param source the series, if they came as separated values
 */
record ForecastAnswer(
    String model,
    List<List<Forecast>> groups,
    boolean single,
    QuantileInterpolation levels,
    @Nullable CsvSeries source)
    implements Json.Writing {
  @Override
  public void write(JsonGenerator json) throws IOException {
    int horizon = groups.getFirst().getFirst().horizon();
    json.writeStartObject();
    json.writeStringField("object", "list");
    json.writeStringField("model", model);
    json.writeNumberField("horizon", horizon);
    json.writeArrayFieldStart("quantile_levels");
    for (double level : levels.levels()) {
      json.writeNumber(level);
    }
    json.writeEndArray();
    if (source != null) {
      source.write(json, horizon);
    }
    json.writeArrayFieldStart("data");
    for (int i = 0; i < groups.size(); i++) {
      json.writeStartObject();
      json.writeStringField("object", "forecast");
      json.writeNumberField("index", i);
      List<Forecast> group = groups.get(i);
      if (source != null && single) {
        source.writeSeries(json, i);
      } else if (source != null) {
        source.writeGroup(json);
      }
      json.writeFieldName("mean");
      each(json, group, ForecastAnswer::mean);
      json.writeFieldName("quantiles");
      each(json, group, this::quantiles);
      if (group.stream().anyMatch(one -> one.reach() < one.horizon())) {
        json.writeFieldName("reach");
        each(json, group, (out, one) -> out.writeNumber(one.reach()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** The medians alone, as the TiRex container gives them: {@code [series][variate][step]}. */
  Json.Writing means() {
    return json -> bare(json, ForecastAnswer::mean);
  }

  /** The quantiles alone: {@code [series][variate][level][step]}. */
  Json.Writing quantiles() {
    return json -> bare(json, this::quantiles);
  }

  private interface Part {
    void write(JsonGenerator json, Forecast forecast) throws IOException;
  }

  private void bare(JsonGenerator json, Part part) throws IOException {
    json.writeStartArray();
    for (List<Forecast> group : groups) {
      each(json, group, part);
    }
    json.writeEndArray();
  }

  private void each(JsonGenerator json, List<Forecast> group, Part part) throws IOException {
    if (single) {
      part.write(json, group.getFirst());
      return;
    }
    json.writeStartArray();
    for (Forecast forecast : group) {
      part.write(json, forecast);
    }
    json.writeEndArray();
  }

  private static void mean(JsonGenerator json, Forecast forecast) throws IOException {
    level(json, forecast, forecast.levels().indexOf(0.5));
  }

  private void quantiles(JsonGenerator json, Forecast forecast) throws IOException {
    Forecast wanted = levels.of(forecast);
    json.writeStartArray();
    for (int level = 0; level < wanted.levels().size(); level++) {
      level(json, wanted, level);
    }
    json.writeEndArray();
  }

  private static void level(JsonGenerator json, Forecast forecast, int level) throws IOException {
    json.writeStartArray();
    for (int step = 0; step < forecast.horizon(); step++) {
      json.writeNumber(forecast.quantile(step, level));
    }
    json.writeEndArray();
  }
}
