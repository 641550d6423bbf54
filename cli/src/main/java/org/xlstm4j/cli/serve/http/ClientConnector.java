package org.xlstm4j.cli.serve.http;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Accepts connections for HTTP/1.1 within the limits. */
public final class ClientConnector extends ServerConnector {
  /** What the system keeps for a client that does not read. */
  private static final int SEND_BUFFER = 128 << 10;

  private final HttpLimits limits;

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
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    ClientEndPoint endPoint = new ClientEndPoint(channel, selector, key, getScheduler(), limits);
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }
}
