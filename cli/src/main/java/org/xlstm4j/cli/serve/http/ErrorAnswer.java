package org.xlstm4j.cli.serve.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.json.Json;

/** Answers with errors of OpenAI's shape, also where HTTP itself was violated. */
public final class ErrorAnswer extends ErrorHandler {
  /** Sends an error; closes the connection if the answer has begun. */
  public static void send(Response response, Callback callback, ApiException failure) {
    if (response.isCommitted()) {
      callback.failed(failure);
      return;
    }
    if (failure.retryAfter() != null) {
      response
          .getHeaders()
          .put(HttpHeader.RETRY_AFTER, Math.max(1, failure.retryAfter().toSeconds()));
    }
    send(response, callback, failure.status(), failure.body());
  }

  private static void send(Response response, Callback callback, int status, ErrorBody body) {
    byte[] bytes = Json.bytes(body);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Exchange.JSON);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    response.write(true, ByteBuffer.wrap(bytes), callback);
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    if (cause instanceof IOException) {
      send(response, callback, ApiException.brokenOff()); // by the client, or by the server's end
      return;
    }
    String text = HttpStatus.getMessage(code);
    if (message != null && !message.isEmpty() && (cause == null || code < 500)) {
      text = message; // no exceptions of the server's
    }
    String type = code < 500 ? "invalid_request_error" : "server_error";
    send(response, callback, code, new ErrorBody(text, type, null, null));
  }
}
