package org.xlstm4j.cli.serve;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Set;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.xlstm4j.cli.serve.control.ActHandler;
import org.xlstm4j.cli.serve.http.AccessHandler;
import org.xlstm4j.cli.serve.http.ClientConnector;
import org.xlstm4j.cli.serve.http.Drain;
import org.xlstm4j.cli.serve.http.ErrorAnswer;
import org.xlstm4j.cli.serve.http.RouteHandler;
import org.xlstm4j.cli.serve.metrics.Counter;
import org.xlstm4j.cli.serve.metrics.Histogram;
import org.xlstm4j.cli.serve.metrics.Metrics;
import org.xlstm4j.cli.serve.models.ServedModels;

/** A server that runs from {@link #start} to {@link #close}. */
public final class ModelServer implements AutoCloseable {
  /** Threads that watch connections; requests have virtual ones of their own. */
  private static final int THREADS = 8;

  private final ServeSettings settings;
  private final Server server;
  private final ClientConnector connector;
  private final ServerRoutes routes;
  private final ActHandler robots;
  private final Drain drain;

  private ModelServer(
      ServeSettings settings,
      Server server,
      ClientConnector connector,
      ServerRoutes routes,
      ActHandler robots,
      Drain drain) {
    this.settings = settings;
    this.server = server;
    this.connector = connector;
    this.routes = routes;
    this.robots = robots;
    this.drain = drain;
  }

  /**
   * Starts a server.
   *
   * @param models stay open; the caller closes them after the server
   * @param log takes a line for each failure that is the server's
   * @throws IOException if a model lacks something, or the address cannot be had
   */
  public static ModelServer start(ServeSettings settings, ServedModels models, PrintStream log)
      throws IOException {
    Metrics metrics = new Metrics();
    Drain drain = new Drain();
    ServerRoutes routes = new ServerRoutes(settings, models, metrics, drain, log);
    Server server = new Server(threads());
    ClientConnector connector = new ClientConnector(server, settings.http());
    connector.setHost(settings.address().getHostString());
    connector.setPort(settings.address().getPort());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(settings.http().connections(), connector));
    server.setErrorHandler(new ErrorAnswer());
    Counter requests =
        metrics.counter("xlstm_requests_total", "Requests answered.", "path", "status");
    Histogram times =
        metrics.histogram("xlstm_request_seconds", "From a request to its whole answer.", "path");
    ActHandler robots =
        new ActHandler(
            new RouteHandler(routes.routes(), settings.http(), log), server, models, log);
    metrics.gauge("xlstm_act_connections", "Robots that are connected.", robots::connected);
    server.setHandler(
        new AccessHandler(
            robots,
            routes.routes(),
            settings.access(),
            settings.http(),
            drain,
            (path, status, nanos) -> {
              requests.add(1, path, status);
              times.add(nanos, path);
            }));
    ModelServer started = new ModelServer(settings, server, connector, routes, robots, drain);
    try {
      server.start();
    } catch (Exception e) {
      started.close();
      throw new IOException(
          settings.address().getHostString()
              + ":"
              + settings.address().getPort()
              + ": "
              + (e.getCause() == null ? e : e.getCause()).getMessage(),
          e);
    }
    return started;
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, THREADS / 2);
    threads.setName("xlstm4j-http");
    threads.setReservedThreads(0);
    threads.setVirtualThreadsExecutor(
        VirtualThreads.getNamedVirtualThreadsExecutor("xlstm4j-request-"));
    return threads;
  }

  /** The paths that it answers. */
  Set<String> paths() {
    return routes.routes().paths();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(settings.address().getAddress(), connector.getLocalPort());
  }

  /**
   * Takes no more requests, and waits for those in flight as long as the grace allows.
   *
   * @return whether all came to their end
   */
  public boolean drain() throws InterruptedException {
    drain.close();
    return drain.await(settings.grace());
  }

  /** Ends what is in flight, and the server. */
  @Override
  public void close() {
    drain.close();
    robots.close();
    routes.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
