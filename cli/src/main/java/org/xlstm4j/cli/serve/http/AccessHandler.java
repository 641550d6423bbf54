package org.xlstm4j.cli.serve.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What every request passes first, also those that become a WebSocket: whether the server still
 * takes any, and whether this client may ask.
 */
public final class AccessHandler extends Handler.Wrapper {
  /** What is counted as the status of an answer that did not come to its end. */
  private static final int BROKEN_OFF = 499;

  private final Routes routes;
  private final Access access;
  private final HttpLimits limits;
  private final Drain drain;
  private final RequestObserver observer;

  /** A handler in front of another. */
  public AccessHandler(
      Handler behind,
      Routes routes,
      Access access,
      HttpLimits limits,
      Drain drain,
      RequestObserver observer) {
    super(behind);
    this.routes = routes;
    this.access = access;
    this.limits = limits;
    this.drain = drain;
    this.observer = observer;
  }

  private static int status(Request request, Response response, @Nullable Throwable failure) {
    return failure == null && request.getAttribute(RouteHandler.BROKEN_OFF) == null
        ? response.getStatus()
        : BROKEN_OFF;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getCanonicalPath();
    String label = routes.knows(path) ? path : "other";
    request.addIdleTimeoutListener(timeout -> false); // an answer may take its time
    ClientEndPoint client =
        request.getConnectionMetaData().getConnection().getEndPoint()
                instanceof ClientEndPoint endPoint
            ? endPoint
            : null;
    if (client != null) {
      client.answering(true);
    }
    boolean entered = drain.enter();
    Request.addCompletionListener(
        request,
        failure -> {
          if (client != null && response.getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101) {
            client.answering(false);
          }
          observer.answered(
              label,
              status(request, response, failure),
              System.nanoTime() - request.getBeginNanoTime());
          if (entered) {
            drain.leave();
          }
        });
    try {
      if (!entered) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        throw ApiException.ending();
      }
      access.check(request, response, routes.isOpen(path), limits.headers());
    } catch (ApiException e) {
      ErrorAnswer.send(response, callback, e);
      return true;
    }
    if (Origins.isQuestion(request)) {
      Origins.answer(response);
      callback.succeeded();
      return true;
    }
    return super.handle(request, response, callback);
  }
}
