package org.xlstm4j.cli.serve.control;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.xlstm4j.cli.act.ActServer;
import org.xlstm4j.cli.act.ActSessions;
import org.xlstm4j.cli.act.ActSettings;
import org.xlstm4j.cli.act.ActWarmUp;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.ErrorAnswer;
import org.xlstm4j.cli.serve.http.Query;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.cli.serve.models.ServedModel;
import org.xlstm4j.cli.serve.models.ServedModels;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.GuardOptions;

/**
 * Makes WebSockets of requests to {@code /v1/act}, a robot each. There is a most of them; one more
 * is refused. Messages are not compressed, so that none becomes larger than it came.
 */
public final class ActHandler extends Handler.Wrapper implements AutoCloseable {
  /** The path. */
  public static final String PATH = "/v1/act";

  private static final String SUBPROTOCOL = "xlstm.act";

  /** Robots at a time. */
  private static final int MOST = 8;

  /** How long a robot may be silent. */
  private static final Duration IDLE = Duration.ofMinutes(5);

  /** Steps before the first one of a model, for the JIT. */
  private static final Duration WARM_UP = Duration.ofMillis(500);

  private final ServerWebSocketContainer container;
  private final ServedModels models;
  private final PrintStream log;
  private final Semaphore places = new Semaphore(MOST);
  private final Set<ActConnection> robots = ConcurrentHashMap.newKeySet();
  private final Map<String, ActWarmUp> warmUps = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * A handler in front of another, which gets all requests to other paths.
   *
   * @param server that it will be part of
   * @param log takes a line if something fails that is the server's
   */
  public ActHandler(Handler behind, Server server, ServedModels models, PrintStream log) {
    super(behind);
    container = ServerWebSocketContainer.ensure(server);
    container.setIdleTimeout(IDLE);
    this.models = models;
    this.log = log;
  }

  /** Robots that are connected. */
  public int connected() {
    return MOST - places.availablePermits();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    boolean upgrade = "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
    if (!upgrade || !request.getHttpURI().getCanonicalPath().equals(PATH)) {
      return super.handle(request, response, callback);
    }
    try {
      connect(request, response, callback);
    } catch (ApiException e) {
      ErrorAnswer.send(response, callback, e);
    } catch (JsonException e) {
      ErrorAnswer.send(response, callback, ApiException.invalid(e));
    }
    return true;
  }

  private void connect(Request request, Response response, Callback callback)
      throws ApiException, JsonException {
    if (hasBody(request.getHeaders())) { // a library that waits for it never opens the WebSocket
      throw ApiException.invalid("a request for a WebSocket has no body", null);
    }
    requireUri(request.getHttpURI());
    ActQuery wishes = ActQuery.of(Query.of(request));
    ServedModel served = models.find(wishes.model(), ActionModel.class, "acts");
    ActionModel model = (ActionModel) served.model();
    requireTask(model, wishes.settings());
    if (!places.tryAcquire()) {
      throw ApiException.overloaded(
          MOST + " robots are connected, and no more are served", Duration.ofSeconds(30));
    }
    boolean upgraded = false;
    try {
      ActConnection robot = robot(served.name(), model, wishes.settings());
      upgraded =
          container.upgrade(
              (asked, answer, _) -> {
                answer.setExtensions(List.of());
                if (asked.hasSubProtocol(SUBPROTOCOL)) {
                  answer.setAcceptedSubProtocol(SUBPROTOCOL);
                }
                return robot;
              },
              request,
              response,
              callback);
      if (upgraded) {
        serveInThread(robot);
      }
    } finally {
      if (!upgraded) {
        places.release();
      }
    }
    if (!upgraded) {
      throw ApiException.invalid("the headers are not those of a WebSocket", null);
    }
  }

  /** The library of WebSockets takes nothing else, and says so too late. */
  private static void requireUri(HttpURI address) throws ApiException {
    try {
      URI unused = address.toURI();
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("the address is no URI: " + e.getMessage(), null);
    }
  }

  private static boolean hasBody(HttpFields headers) {
    return headers.contains(HttpHeader.TRANSFER_ENCODING)
        || headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0;
  }

  private void serveInThread(ActConnection robot) {
    robots.add(robot);
    try {
      Thread.ofPlatform().daemon().name("xlstm4j-robot").start(() -> serve(robot));
    } catch (OutOfMemoryError e) { // the system has no more threads
      through(robot);
      throw e;
    }
    if (closed) {
      robot.shutDown(); // it came while close() went through the others
    }
  }

  private void serve(ActConnection robot) {
    try {
      robot.serve();
    } finally {
      through(robot);
    }
  }

  private void through(ActConnection robot) {
    robots.remove(robot);
    places.release();
  }

  private static void requireTask(ActionModel model, ActSettings settings) throws JsonException {
    String task = settings.task();
    try {
      if (task != null) {
        GuardOptions unused = settings.guard(model.task(task));
      }
    } catch (IllegalArgumentException | IOException e) {
      throw new JsonException("task", String.valueOf(e.getMessage()));
    }
  }

  private ActConnection robot(String name, ActionModel model, ActSettings settings) {
    ActWarmUp warmUp = warmUps.computeIfAbsent(name, _ -> new ActWarmUp(WARM_UP));
    ActSessions sessions = new ActSessions(model, settings, Team.of(1), warmUp, false);
    return new ActConnection(new ActServer(sessions, null), ActServer.longestLine(model), log);
  }

  /** Ends all connections, and waits until nothing computes any more. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      robots.forEach(ActConnection::shutDown);
      places.acquireUninterruptibly(MOST); // those, too, that were about to connect
    }
  }
}
