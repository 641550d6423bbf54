package org.xlstm4j.cli.serve.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.json.JsonException;

/** A request that is not answered as asked: a status, and an error of OpenAI's shape. */
public final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;
  private final transient @Nullable Duration retryAfter;

  private ApiException(
      int status,
      String type,
      String message,
      @Nullable String param,
      @Nullable String code,
      @Nullable Duration retryAfter) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /**
   * The request asks for something that cannot be had.
   *
   * @param param the field it is about, or null
   */
  public static ApiException invalid(String message, @Nullable String param) {
    return new ApiException(400, "invalid_request_error", message, param, null, null);
  }

  /** What the client sent is malformed. */
  public static ApiException invalid(JsonException refusal) {
    return invalid(refusal.getMessage(), refusal.field().isEmpty() ? null : refusal.field());
  }

  /** A refusal with a status of its own. */
  public static ApiException refused(int status, String message, String code) {
    return new ApiException(status, "invalid_request_error", message, null, code, null);
  }

  /** The client closed its connection, or its side of it. */
  static ApiException brokenOff() {
    return refused(400, "the connection was closed before the answer", "connection_closed");
  }

  /** No such model. */
  public static ApiException noModel(String message) {
    return new ApiException(
        404, "invalid_request_error", message, "model", "model_not_found", null);
  }

  /** More than can be done now. */
  public static ApiException overloaded(String message, Duration retryAfter) {
    return new ApiException(503, "server_error", message, null, "overloaded", retryAfter);
  }

  /** The server is about to end. */
  public static ApiException ending() {
    return overloaded("the server is about to end", Duration.ofSeconds(5));
  }

  /** The request took longer than it may. */
  public static ApiException tooLong(String message) {
    return new ApiException(504, "server_error", message, null, "timeout", null);
  }

  /** Something that is not the client's fault. */
  public static ApiException failed(String message) {
    return new ApiException(500, "server_error", message, null, "internal_error", null);
  }

  /** The status of the answer. */
  public int status() {
    return status;
  }

  /** When to try again, or null. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The error's shape. */
  ErrorBody body() {
    return new ErrorBody(String.valueOf(getMessage()), type, param, code);
  }
}
