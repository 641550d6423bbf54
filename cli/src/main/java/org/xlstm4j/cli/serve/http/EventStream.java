package org.xlstm4j.cli.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.xlstm4j.cli.serve.json.Json;

/** An answer of server-sent events, each of which goes out at once. Belongs to one thread. */
public final class EventStream {
  private final Response response;

  EventStream(Response response) {
    this.response = response;
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    response.getHeaders().put("X-Accel-Buffering", "no"); // proxies pass events on as they come
  }

  /** Sends an event with JSON. */
  public void json(Json.Writing value) throws IOException {
    event(Json.bytes(value));
  }

  /** Says what went wrong, where a status can no longer be sent. */
  public void error(ApiException failure) throws IOException {
    json(failure.body());
  }

  /** Sends a line that clients pass over, so that nobody takes the connection for dead. */
  public void comment() throws IOException {
    Content.Sink.write(response, false, ByteBuffer.wrap(": working\n\n".getBytes(UTF_8)));
  }

  /** Sends the mark that no more events come, and ends the answer. */
  public void done() throws IOException {
    Content.Sink.write(response, true, ByteBuffer.wrap("data: [DONE]\n\n".getBytes(UTF_8)));
  }

  private void event(byte[] data) throws IOException {
    ByteBuffer event = ByteBuffer.allocate(data.length + 8);
    event.put("data: ".getBytes(UTF_8)).put(data).put((byte) '\n').put((byte) '\n');
    Content.Sink.write(response, false, event.flip());
  }
}
