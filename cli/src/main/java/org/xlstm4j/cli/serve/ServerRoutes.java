package org.xlstm4j.cli.serve;

import java.io.IOException;
import java.io.PrintStream;
import org.xlstm4j.cli.serve.http.Drain;
import org.xlstm4j.cli.serve.http.Routes;
import org.xlstm4j.cli.serve.language.LanguageEndpoints;
import org.xlstm4j.cli.serve.metrics.Metrics;
import org.xlstm4j.cli.serve.models.ModelsEndpoint;
import org.xlstm4j.cli.serve.models.ServedModels;

/** Every path of the server and what answers it: the one place that knows them all. */
final class ServerRoutes implements AutoCloseable {
  private final Routes routes = new Routes();
  private final LanguageEndpoints languages;

  ServerRoutes(
      ServeSettings settings, ServedModels models, Metrics metrics, Drain drain, PrintStream log)
      throws IOException {
    routes
        .open("/health", new HealthEndpoint())
        .open("/openapi.json", new ResourceEndpoint("openapi.json", "application/json"))
        .get("/metrics", metrics)
        .get("/v1/models", new ModelsEndpoint(models));
    languages =
        new LanguageEndpoints(
            models, settings.texts(), settings.team(), metrics, log, routes);
    metrics.gauge("xlstm_requests_in_flight", "Requests being answered.", drain::inFlight);
  }

  Routes routes() {
    return routes;
  }

  /** Ends what the endpoints still do. */
  @Override
  public void close() {
    languages.close();
  }
}
