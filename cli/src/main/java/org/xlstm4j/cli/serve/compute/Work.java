package org.xlstm4j.cli.serve.compute;

import java.io.IOException;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.json.JsonException;

/**
 * What a request has computed.
 *
 * @param <T> the result
 */
public interface Work<T> {
  /**
   * Computes it.
   *
   * @param demand to be asked between parts of the work that take long
   * @throws ApiException if the request cannot be served
   * @throws JsonException if a field of it does not fit the model
   * @throws IOException if what the client sent cannot be read
   */
  T run(Demand demand) throws ApiException, JsonException, IOException;
}
