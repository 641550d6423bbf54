package org.xlstm4j.cli.serve;

import java.io.IOException;
import java.io.PrintStream;
import org.xlstm4j.cli.serve.compute.ComputeQueue;
import org.xlstm4j.cli.serve.control.ActHandler;
import org.xlstm4j.cli.serve.embedding.EmbeddingEndpoint;
import org.xlstm4j.cli.serve.forecast.ForecastEndpoint;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Drain;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.http.Routes;
import org.xlstm4j.cli.serve.language.LanguageEndpoints;
import org.xlstm4j.cli.serve.metrics.Metrics;
import org.xlstm4j.cli.serve.models.ModelsEndpoint;
import org.xlstm4j.cli.serve.models.ServedModels;
import org.xlstm4j.cli.serve.page.PageEndpoint;
import org.xlstm4j.cli.serve.page.Samples;
import org.xlstm4j.cli.serve.vision.ClassificationEndpoint;

/** Every path of the server and what answers it: the one place that knows them all. */
final class ServerRoutes implements AutoCloseable {
  /** Requests computed side by side: one uses all threads, another one the pauses of the first. */
  private static final int PLACES = 2;

  private final Routes routes = new Routes();
  private final LanguageEndpoints languages;
  private final ComputeQueue compute;

  ServerRoutes(
      ServeSettings settings, ServedModels models, Metrics metrics, Drain drain, PrintStream log)
      throws IOException {
    routes
        .open("/health", new HealthEndpoint())
        .open("/openapi.json", new ResourceEndpoint("openapi.json", "application/json"))
        .get("/metrics", metrics)
        .get("/v1/models", new ModelsEndpoint(models));
    languages =
        new LanguageEndpoints(models, settings.texts(), settings.team(), metrics, log, routes);
    compute = new ComputeQueue(PLACES, settings.texts().queue());
    new ForecastEndpoint(models, compute, settings.team()).addTo(routes);
    routes
        .post("/v1/classifications", new ClassificationEndpoint(models, compute, settings.team()))
        .post("/v1/embeddings", new EmbeddingEndpoint(models, compute, settings.team()))
        .get(ActHandler.PATH, ServerRoutes::requireUpgrade);
    PageEndpoint.addTo(routes);
    new Samples(models).addTo(routes);
    metrics.gauge("xlstm_compute_waiting", "Requests that wait to be computed.", compute::waiting);
    metrics.gauge("xlstm_compute_running", "Requests that are computed.", compute::running);
    metrics.gauge("xlstm_requests_in_flight", "Requests being answered.", drain::inFlight);
  }

  private static void requireUpgrade(Exchange exchange) throws ApiException {
    exchange.answerHeader("Upgrade", "websocket");
    throw ApiException.refused(426, ActHandler.PATH + " is a WebSocket", "upgrade_required");
  }

  Routes routes() {
    return routes;
  }

  /** Ends what the endpoints still do. */
  @Override
  public void close() {
    languages.close();
    compute.close();
  }
}
