package org.xlstm4j.cli.serve.forecast;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.forecast.ForecastTable;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.serve.compute.ComputeQueue;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.http.Routes;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.cli.serve.models.ServedModel;
import org.xlstm4j.cli.serve.models.ServedModels;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.QuantileInterpolation;

/**
 * Forecasts: {@code /v1/forecasts} for JSON and separated values, and the paths of the TiRex
 * container.
 */
public final class ForecastEndpoint implements Endpoint {
  private static final String CSV = "text/csv";

  /** What curl calls any text that it sends. */
  private static final String FORM = "application/x-www-form-urlencoded";

  private final ServedModels models;
  private final ComputeQueue queue;
  private final Team team;

  /**
   * An endpoint.
   *
   * @param team the threads that a request computes with
   */
  public ForecastEndpoint(ServedModels models, ComputeQueue queue, Team team) {
    this.models = models;
    this.queue = queue;
    this.team = team;
  }

  /** Adds its paths. */
  public void addTo(Routes routes) {
    routes
        .post("/v1/forecasts", this)
        .post("/univariate/forecast/mean", exchange -> container(exchange, true, false))
        .post("/univariate/forecast/quantiles", exchange -> container(exchange, true, true))
        .post("/multivariate/forecast/mean", exchange -> container(exchange, false, false))
        .post("/multivariate/forecast/quantiles", exchange -> container(exchange, false, true));
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, JsonException, IOException {
    String type = exchange.contentType();
    switch (type) {
      case CSV -> csv(exchange);
      case "application/json", FORM, "" -> {
        ForecastRequest request = ForecastRequest.of(exchange.fields(ForecastRequest.NUMBERS));
        exchange.json(forecast(exchange, find(request.model()), request, null));
      }
      default ->
          throw ApiException.refused(
              415,
              "the body is " + type + ", expected application/json or " + CSV,
              "unsupported_media_type");
    }
  }

  private void csv(Exchange exchange) throws ApiException, JsonException, IOException {
    CsvRequest request = CsvRequest.of(exchange.query(), exchange.body());
    ServedModel served = find(request.model());
    boolean takesGroups = ((ForecastModel) served.model()).takesGroups();
    CsvSeries series = request.series();
    ForecastAnswer answer = forecast(exchange, served, request.request(takesGroups), series);
    String accepted = exchange.header("Accept");
    if (accepted == null || !accepted.startsWith(CSV)) {
      exchange.json(answer);
      return;
    }
    List<Forecast> forecasts =
        answer.groups().stream().flatMap(List::stream).map(answer.levels()::of).toList();
    StringWriter table = new StringWriter();
    TableFormat.CSV.write(
        new ForecastTable(series.file().targets(), series.file().times(), forecasts).table(),
        table);
    exchange.send(200, CSV + "; charset=utf-8", table.toString().getBytes(UTF_8));
  }

  private void container(Exchange exchange, boolean single, boolean quantiles)
      throws ApiException, JsonException, IOException {
    Fields fields = exchange.fields(ForecastRequest.NUMBERS);
    ForecastRequest request = ForecastRequest.ofContainer(fields, single);
    ForecastAnswer answer = forecast(exchange, find(request.model()), request, null);
    exchange.json(quantiles ? answer.quantiles() : answer.means());
  }

  private ServedModel find(String model) throws ApiException {
    return models.find(
        model.isEmpty() ? null : model, ForecastModel.class, "forecasts time series");
  }

  private ForecastAnswer forecast(
      Exchange exchange, ServedModel served, ForecastRequest request, @Nullable CsvSeries source)
      throws ApiException, JsonException, IOException {
    ForecastModel model = (ForecastModel) served.model();
    exchange.hold(Float.BYTES * request.answerNumbers(model.levels().size()));
    List<List<Forecast>> forecasts = queue.run(exchange, new ForecastWork(model, request, team));
    QuantileInterpolation levels =
        request.levels() == null ? new QuantileInterpolation(model.levels()) : request.levels();
    return new ForecastAnswer(served.name(), forecasts, request.single(), levels, source);
  }
}
