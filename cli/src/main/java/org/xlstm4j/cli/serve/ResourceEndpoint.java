package org.xlstm4j.cli.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;

/** Answers with a file that comes with the program. */
final class ResourceEndpoint implements Endpoint {
  private final byte[] bytes;
  private final String type;

  /**
   * A file.
   *
   * @param name of the resource next to this class
   * @param type of its content
   */
  ResourceEndpoint(String name, String type) {
    this.type = type;
    try (InputStream in = ResourceEndpoint.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, IOException {
    exchange.send(200, type, bytes);
  }
}
