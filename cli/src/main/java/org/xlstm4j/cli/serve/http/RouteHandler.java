package org.xlstm4j.cli.serve.http;

import java.io.IOException;
import java.io.PrintStream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.cli.serve.json.JsonException;

/** Has endpoints answer, and tells clients what went wrong. */
public final class RouteHandler extends Handler.Abstract {
  private final Routes routes;
  private final HttpLimits limits;
  private final PrintStream log;

  /**
   * A handler.
   *
   * @param log takes a line for each failure that is the server's
   */
  public RouteHandler(Routes routes, HttpLimits limits, PrintStream log) {
    this.routes = routes;
    this.limits = limits;
    this.log = log;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getCanonicalPath();
    try {
      routes.find(request.getMethod(), path).answer(new Exchange(request, response, limits));
      callback.succeeded();
    } catch (ApiException e) {
      ErrorAnswer.send(response, callback, e);
    } catch (JsonException e) {
      ErrorAnswer.send(response, callback, ApiException.invalid(e));
    } catch (IOException e) {
      callback.failed(e); // nobody is there to be answered
    } catch (RuntimeException | Error e) {
      log.println("xlstm serve: " + path + ": " + Failures.line(e));
      ErrorAnswer.send(response, callback, ApiException.failed("the server failed"));
    }
    return true;
  }
}
