package org.xlstm4j.cli.serve.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.Json;
import org.xlstm4j.cli.serve.json.JsonException;

/** A request and its answer. Belongs to the thread that answers. */
public final class Exchange {
  static final String JSON = "application/json";

  private final Request request;
  private final Response response;
  private final HttpLimits limits;
  private final ByteBudget bodies;
  private final ByteBudget answers;
  private final long deadline;
  private long taken;
  private long held;

  Exchange(
      Request request,
      Response response,
      HttpLimits limits,
      ByteBudget bodies,
      ByteBudget answers) {
    this.request = request;
    this.response = response;
    this.limits = limits;
    this.bodies = bodies;
    this.answers = answers;
    deadline = System.nanoTime() + limits.answering().toNanos();
  }

  /** A header's value, or null. */
  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  /** The type of the body, without its parameters and in lower case; empty if it has none. */
  public String contentType() {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** The parameters behind the path's question mark, each with its values. */
  public Map<String, List<String>> parameters() throws ApiException {
    return Query.parameters(request);
  }

  /** The same, to be asked for by their names. */
  public Query query() throws ApiException {
    return Query.of(request);
  }

  /**
   * The request's body.
   *
   * @throws ApiException if it is longer than allowed, or slower
   * @throws IOException if the client goes away before its end
   */
  public byte[] body() throws ApiException, IOException {
    if (request.getLength() > limits.bodyBytes()) {
      throw tooLarge();
    }
    long begun = System.nanoTime();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    InputStream in = Content.Source.asInputStream(request);
    for (int count = in.read(part); count >= 0; count = in.read(part)) {
      bodies.take(count);
      taken += count;
      body.write(part, 0, count);
      if (body.size() > limits.bodyBytes()) {
        throw tooLarge();
      } else if (System.nanoTime() - begun > limits.sending().toNanos()) {
        throw ApiException.refused(
            408,
            "the body took more than "
                + TimeUnit.NANOSECONDS.toSeconds(limits.sending().toNanos())
                + " s to arrive",
            "request_timeout");
      }
    }
    return body.toByteArray();
  }

  /**
   * Takes room for a part of the answer, or of what it is made of, until the request is through.
   *
   * @throws ApiException if the answers of all requests take too much
   */
  public void hold(long bytes) throws ApiException {
    answers.take(bytes);
    held += bytes;
  }

  /** The request is through: its body and its answer are needed no more. */
  void end() {
    bodies.giveBack(taken);
    taken = 0;
    answers.giveBack(held);
    held = 0;
  }

  private ApiException tooLarge() {
    return ApiException.refused(
        413, "the body has more than " + limits.bodyBytes() + " bytes", "body_too_large");
  }

  /** The fields of the JSON object in the request's body. */
  public Fields fields() throws ApiException, JsonException, IOException {
    return fields(List.of());
  }

  /** The same, with fields whose lists of numbers are arrays, see {@link Fields#read}. */
  public Fields fields(List<String> numeric) throws ApiException, JsonException, IOException {
    return Fields.read(body(), numeric);
  }

  /**
   * Answers with JSON.
   *
   * @throws ApiException if there is no room for it
   */
  public void json(Json.Writing value) throws ApiException, IOException {
    AnswerBytes bytes = new AnswerBytes(this);
    try {
      Json.write(value, bytes);
    } catch (AnswerBytes.NoRoomException e) {
      throw e.refusal();
    }
    send(200, JSON, bytes.parts());
  }

  /**
   * Answers with bytes.
   *
   * @throws ApiException if there is no room for them
   */
  public void send(int status, String type, byte[] body) throws ApiException, IOException {
    hold(body.length);
    send(status, type, List.of(body));
  }

  /** Sends an answer; the connection is closed if it has not been taken in time. */
  private void send(int status, String type, List<byte[]> parts) throws IOException {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response
        .getHeaders()
        .put(HttpHeader.CONTENT_LENGTH, parts.stream().mapToLong(part -> part.length).sum());
    EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
    Scheduler.Task end =
        request
            .getComponents()
            .getScheduler()
            .schedule(
                () -> client.close(new TimeoutException("the answer was read too slowly")),
                Math.max(deadline - System.nanoTime(), 0),
                TimeUnit.NANOSECONDS);
    try {
      for (int i = 0; i < parts.size(); i++) {
        Content.Sink.write(response, i == parts.size() - 1, ByteBuffer.wrap(parts.get(i)));
      }
    } finally {
      end.cancel();
    }
  }

  /** A header of the answer, to be set before it begins. */
  public void answerHeader(String name, String value) {
    response.getHeaders().put(name, value);
  }

  /** Answers with a stream of events, which begins at once. */
  public EventStream events() {
    return new EventStream(response);
  }

  /** Whether the client has closed the connection. To be asked after the body was read. */
  public boolean clientGone() {
    return ended(request);
  }

  /**
   * Stops a request that nobody waits for or that has taken too long; to be called again and again
   * while its answer is computed.
   *
   * @throws EOFException if the client has closed the connection
   * @throws ApiException if it is past its time
   */
  public void check() throws EOFException, ApiException {
    if (clientGone()) {
      throw new EOFException("the client is gone");
    } else if (System.nanoTime() - deadline > 0) {
      throw ApiException.tooLong(
          "the request took more than " + limits.answering().toSeconds() + " s");
    }
  }

  private static boolean ended(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint()
            instanceof ClientEndPoint client
        && client.gone();
  }
}
