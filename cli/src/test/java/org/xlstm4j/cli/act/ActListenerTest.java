package org.xlstm4j.cli.act;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A listener whose system runs out of descriptors and threads for a while. */
@Timeout(20)
class ActListenerTest {
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final AtomicInteger failures = new AtomicInteger(2);

  /** A bound channel of which the first accepts fail, as without descriptors. */
  private static final class Exhausted extends ServerSocketChannel {
    private final ServerSocketChannel channel;
    private final AtomicInteger failures;

    Exhausted(ServerSocketChannel channel, AtomicInteger failures) {
      super(channel.provider());
      this.channel = channel;
      this.failures = failures;
    }

    @Override
    public SocketChannel accept() throws IOException {
      if (failures.getAndDecrement() > 0) {
        throw new IOException("Too many open files");
      }
      return channel.accept();
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
      return channel.bind(local, backlog);
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
      return channel.setOption(name, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
      return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
      return channel.supportedOptions();
    }

    @Override
    public ServerSocket socket() {
      return channel.socket();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
      return channel.getLocalAddress();
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
      channel.close();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
      channel.configureBlocking(block);
    }
  }

  private static ServerSocketChannel bound() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Has a robot served at last, and says what was logged. */
  private String served(ServerSocketChannel channel, ThreadFactory threads, int refused)
      throws Exception {
    InetSocketAddress address = (InetSocketAddress) channel.getLocalAddress();
    ActListener listener =
        new ActListener(
            channel,
            1,
            (number, in, out) -> out.write("hello"),
            new PrintStream(log, true, UTF_8),
            threads);
    Thread running = Thread.ofPlatform().start(listener::run);
    try (listener) {
      for (int i = 0; i < refused; i++) {
        try (Socket robot = new Socket(address.getAddress(), address.getPort())) {
          assertEquals(-1, robot.getInputStream().read());
        }
      }
      try (Socket robot = new Socket(address.getAddress(), address.getPort())) {
        assertEquals("hello", new String(robot.getInputStream().readAllBytes(), UTF_8));
      }
    }
    running.join();
    return log.toString(UTF_8);
  }

  @Test
  void acceptsAgainOnceThereAreDescriptors() throws Exception {
    String logged = served(new Exhausted(bound(), failures), Thread::new, 0);
    assertEquals(1, logged.lines().count(), logged);
    assertTrue(logged.contains("Too many open files"), logged);
  }

  @Test
  void aThreadThatDoesNotStartLeavesItsPlace() throws Exception {
    ThreadFactory scarce =
        work ->
            new Thread(work) {
              @Override
              public void start() {
                if (failures.getAndDecrement() > 0) {
                  throw new OutOfMemoryError("unable to create native thread");
                }
                super.start();
              }
            };
    String logged = served(bound(), scarce, 2);
    assertEquals(2, logged.lines().count(), logged);
    assertTrue(logged.contains("native thread"), logged);
  }

  /** A connection whose other side has lost its power holds its place for seconds alone. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void asksWhetherTheOtherSideIsStillThere() throws Exception {
    try (ServerSocketChannel server = bound();
        SocketChannel robot = SocketChannel.open(server.getLocalAddress());
        SocketChannel client = server.accept()) {
      ActListener.keepAlive(client);
      assertTrue(robot.isConnected() && client.getOption(StandardSocketOptions.SO_KEEPALIVE));
      int seconds =
          client.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)
              + client.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)
                  * client.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT);
      assertEquals(25, seconds);
    }
  }
}
