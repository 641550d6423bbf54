package org.xlstm4j.cli.serve.http;

import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;

/** Accepts connections for HTTP/1.1 within the limits. */
public final class ClientConnector extends ServerConnector {
  /** What the system keeps for a client that does not read. */
  private static final int SEND_BUFFER = 128 << 10;

  private final HttpLimits limits;

  /** From their arrival on: the library forgets some of those that come while it stops. */
  private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

  private volatile boolean stopped;

  /** A connector that is not bound yet. */
  public ClientConnector(Server server, HttpLimits limits) {
    super(server, 1, 1, new HttpConnectionFactory(configuration(limits)));
    this.limits = limits;
    setIdleTimeout(limits.idle().toMillis());
    setAcceptQueueSize(limits.connections());
    setAcceptedSendBufferSize(SEND_BUFFER);
  }

  private static HttpConfiguration configuration(HttpLimits limits) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setRequestHeaderSize(limits.headerBytes());
    configuration.setSendServerVersion(false);
    configuration.setNotifyRemoteAsyncErrors(true);
    return configuration;
  }

  @Override
  protected void configure(Socket socket) {
    super.configure(socket);
    clients.add(socket.getChannel());
    if (stopped) {
      IO.close(socket.getChannel());
    }
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    ClientEndPoint endPoint = new ClientEndPoint(channel, selector, key, getScheduler(), limits);
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  @Override
  protected void onEndPointClosed(EndPoint endPoint) {
    super.onEndPointClosed(endPoint);
    if (endPoint instanceof ClientEndPoint client) {
      clients.remove(client.getChannel());
    }
  }

  /**
   * Does nothing: who accepts learns of the end as the channel is closed, while an interrupt in the
   * moment of a connection would lose that one.
   */
  @Override
  protected void interruptAcceptors() {}

  @Override
  protected void doStop() throws Exception {
    super.doStop();
    stopped = true;
    clients.forEach(IO::close);
  }
}
