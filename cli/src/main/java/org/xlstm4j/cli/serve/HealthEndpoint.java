package org.xlstm4j.cli.serve;

import java.io.IOException;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;

/** Says that the server answers: {@code /health}. While it drains, this too gets 503. */
final class HealthEndpoint implements Endpoint {
  @Override
  public void answer(Exchange exchange) throws ApiException, IOException {
    exchange.json(
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "ok");
          json.writeEndObject();
        });
  }
}
