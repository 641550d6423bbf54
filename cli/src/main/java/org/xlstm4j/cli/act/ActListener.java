package org.xlstm4j.cli.act;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.xlstm4j.cli.process.Failures;

/**
 * Serves robots that connect, each in a platform thread of its own: a step keeps a core busy, so
 * virtual threads would only queue for it. There is a most of connections; one more is answered
 * with an error and closed. What goes wrong on a connection ends that connection alone.
 */
public final class ActListener implements AutoCloseable {
  /** The part of a file's mode with its type, and a socket's. */
  private static final int FILE_TYPE = 0170000;

  private static final int SOCKET = 0140000;

  private static final long PAUSE_MILLISECONDS = 100;

  private final ServerSocketChannel channel;
  private final SocketAddress address;
  private final int most;
  private final Robots robots;
  private final PrintStream log;
  private final Semaphore places;
  private final ThreadFactory threads;
  private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
  private int number;

  /** Serves the robot of a connection until it closes it. */
  public interface Robots {
    void serve(int number, InputStream in, Writer out) throws IOException;
  }

  /**
   * A listener at a channel that is bound.
   *
   * @param threads makes the thread of a connection
   */
  ActListener(
      ServerSocketChannel channel, int most, Robots robots, PrintStream log, ThreadFactory threads)
      throws IOException {
    this.channel = channel;
    this.address = channel.getLocalAddress();
    this.most = most;
    this.robots = robots;
    this.log = log;
    this.threads = threads;
    places = new Semaphore(most);
  }

  /**
   * Waits for connections from now on; says so on the log.
   *
   * @param most connections at a time
   * @throws IOException if the address is in use or not this machine's
   */
  public static ActListener open(ActListenAddress address, int most, Robots robots, PrintStream log)
      throws IOException {
    return switch (address) {
      case ActListenAddress.Tcp(var tcp) -> {
        ServerSocketChannel channel = ServerSocketChannel.open();
        ActListener listener = bound(channel, tcp, most, robots, log);
        log.println("xlstm act: listening on tcp:" + text(listener.address));
        if (!tcp.getAddress().isLoopbackAddress()) {
          log.println("xlstm act: whoever reaches this address can drive the robots");
        }
        yield listener;
      }
      case ActListenAddress.Unix(var unix) -> {
        removeLeftover(unix);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ActListener listener = bound(channel, unix, most, robots, log);
        closeToOthers(listener, unix.getPath());
        log.println("xlstm act: listening on unix:" + unix);
        yield listener;
      }
    };
  }

  private static ActListener bound(
      ServerSocketChannel channel, SocketAddress address, int most, Robots robots, PrintStream log)
      throws IOException {
    try {
      channel.bind(address);
      ThreadFactory threads = Thread.ofPlatform().name("xlstm4j-robot-", 1).factory();
      return new ActListener(channel, most, robots, log, threads);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw new IOException("--listen: " + text(address) + ": " + e.getMessage(), e);
    }
  }

  private static String text(SocketAddress address) {
    return address.toString().replaceFirst("^[^/]*/", "");
  }

  /** Until it is done, the umask decides on who can connect. */
  private static void closeToOthers(ActListener listener, Path socket) throws IOException {
    try {
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw new IOException("--listen: " + socket + ": " + e.getMessage(), e);
    }
  }

  /** Removes the socket of a process that has ended without doing so itself. */
  private static void removeLeftover(UnixDomainSocketAddress address) throws IOException {
    Path path = address.getPath();
    if (!Files.exists(path)) {
      return;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode");
    if ((mode & FILE_TYPE) != SOCKET) {
      throw new IOException("--listen: " + path + ": a file, expected a socket or nothing");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(address);
      throw new IOException("--listen: " + path + ": another process listens there");
    } catch (ConnectException e) {
      Files.delete(path);
    }
  }

  /** Where it listens. */
  SocketAddress address() {
    return address;
  }

  /**
   * Accepts connections until {@link #close}. While the system has no descriptors or threads for
   * more, those that are there are served, and the others wait.
   */
  public void run() {
    boolean failing = false;
    while (channel.isOpen()) {
      try {
        admit(channel.accept());
        failing = false;
      } catch (IOException e) {
        if (!channel.isOpen()) {
          return;
        }
        if (!failing) {
          log.println("xlstm act: no connection can be accepted: " + Failures.line(e));
          failing = true;
        }
        pause();
      }
    }
  }

  /** So that waiting for the system keeps no core busy. */
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closes the channel when it accepts again
    }
  }

  private void admit(SocketChannel client) throws IOException {
    if (!places.tryAcquire()) {
      refuse(client);
      return;
    }
    number++;
    int mine = number;
    clients.add(client);
    if (!channel.isOpen()) {
      client.close(); // it came while close() went through the others
    }
    try {
      threads.newThread(() -> serve(mine, client)).start();
    } catch (Error e) { // the system has no more threads
      log.println("xlstm act: connection " + mine + ": " + Failures.line(e));
      through(client);
      client.close();
    }
  }

  private void serve(int mine, SocketChannel client) {
    try (client;
        InputStream in = Channels.newInputStream(client);
        Writer out =
            new BufferedWriter(new OutputStreamWriter(Channels.newOutputStream(client), UTF_8))) {
      if (address instanceof InetSocketAddress) {
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        keepAlive(client);
      }
      robots.serve(mine, in, out);
    } catch (IOException | RuntimeException | Error e) {
      if (channel.isOpen()) {
        log.println("xlstm act: connection " + mine + ": " + Failures.line(e));
      }
    } finally {
      through(client);
    }
  }

  /** Has a robot that is gone without a farewell make room after 25 seconds, not after hours. */
  static void keepAlive(SocketChannel client) throws IOException {
    client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    Map<SocketOption<Integer>, Integer> times =
        Map.of(
            ExtendedSocketOptions.TCP_KEEPIDLE, 10, // seconds
            ExtendedSocketOptions.TCP_KEEPINTERVAL, 5,
            ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
    for (Map.Entry<SocketOption<Integer>, Integer> time : times.entrySet()) {
      if (client.supportedOptions().contains(time.getKey())) {
        client.setOption(time.getKey(), time.getValue());
      }
    }
  }

  private void through(SocketChannel client) {
    clients.remove(client);
    places.release();
  }

  private void refuse(SocketChannel client) {
    try (client) {
      String answer = "{\"error\":\"" + most + " robots are connected, no more are served\"}\n";
      client.write(ByteBuffer.wrap(answer.getBytes(UTF_8)));
    } catch (IOException e) {
      log.println("xlstm act: a connection too many: " + Failures.line(e));
    }
  }

  /** Ends all connections and waits until their robots' last steps are through. */
  @Override
  public void close() {
    try {
      channel.close();
      for (SocketChannel client : clients) {
        client.close();
      }
      places.acquireUninterruptibly(most);
      places.release(most);
      if (address instanceof UnixDomainSocketAddress unix) {
        Files.deleteIfExists(unix.getPath());
      }
    } catch (IOException e) {
      log.println("xlstm act: " + Failures.line(e));
    }
  }
}
