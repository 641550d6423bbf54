package org.xlstm4j.cli.serve.http;

import java.io.IOException;
import org.xlstm4j.cli.serve.json.JsonException;

/**
 * Answers requests to one path. Thread-safe. Runs in a virtual thread of the request's own, so it
 * may wait; what computes for long belongs into other threads.
 */
public interface Endpoint {
  /**
   * Answers a request, as a whole or as a stream of events.
   *
   * @throws ApiException if the request is refused; the client gets its status and message
   * @throws JsonException if a field is missing, wrong or unknown; the client gets 400
   * @throws IOException if the client is gone or too slow
   */
  void answer(Exchange exchange) throws ApiException, JsonException, IOException;
}
