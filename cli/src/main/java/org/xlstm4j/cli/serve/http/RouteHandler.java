package org.xlstm4j.cli.serve.http;

import java.io.IOException;
import java.io.PrintStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.cli.serve.json.JsonException;

/** Has endpoints answer, and tells clients what went wrong. */
public final class RouteHandler extends Handler.Abstract {
  /** An attribute of requests whose clients went away. */
  static final String BROKEN_OFF = "org.xlstm4j.broken-off";

  /** How many of the longest bodies there may be at a time. */
  private static final int BODIES = 8;

  /** Most bytes of all answers together, from the first to when the last was sent. */
  private static final long ANSWERS = 128 << 20;

  private final Routes routes;
  private final HttpLimits limits;
  private final PrintStream log;
  private final ByteBudget bodies;
  private final ByteBudget answers;

  /**
   * A handler.
   *
   * @param log takes a line for each failure that is the server's
   */
  public RouteHandler(Routes routes, HttpLimits limits, PrintStream log) {
    this.routes = routes;
    this.limits = limits;
    this.log = log;
    bodies = new ByteBudget((long) BODIES * limits.bodyBytes(), "requests");
    answers = new ByteBudget(ANSWERS, "answers");
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getCanonicalPath();
    Exchange exchange = new Exchange(request, response, limits, bodies, answers);
    try {
      routes.find(request.getMethod(), path).answer(exchange);
      callback.succeeded();
    } catch (ApiException e) {
      if (e.status() == HttpStatus.METHOD_NOT_ALLOWED_405) {
        response.getHeaders().put(HttpHeader.ALLOW, routes.methods(path));
      }
      ErrorAnswer.send(response, callback, e);
    } catch (JsonException e) {
      ErrorAnswer.send(response, callback, ApiException.invalid(e));
    } catch (IOException e) {
      request.setAttribute(BROKEN_OFF, true);
      ErrorAnswer.send(response, callback, ApiException.brokenOff()); // if anybody is there still
    } catch (RuntimeException | Error e) {
      log.println("xlstm serve: " + path + ": " + Failures.line(e));
      ErrorAnswer.send(response, callback, ApiException.failed("the server failed"));
    } finally {
      exchange.end();
    }
    return true;
  }
}
