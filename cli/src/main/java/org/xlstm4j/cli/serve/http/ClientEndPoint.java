package org.xlstm4j.cli.serve.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A client's connection that can be asked, while its request is being answered, whether the client
 * is still there. A byte of a next request that is found by that is kept for it.
 */
final class ClientEndPoint extends SocketChannelEndPoint {
  private final HttpLimits limits;
  private final ByteBuffer ahead = BufferUtil.allocate(1);

  /** Whether a request is being answered, so that nobody waits for headers. */
  private volatile boolean answering;

  /** When the first byte of the headers came that are being read, or 0. */
  private long headersBegan;

  ClientEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      HttpLimits limits) {
    super(channel, selector, key, scheduler);
    this.limits = limits;
  }

  /** From now on a request is answered, or the next one is waited for. */
  void answering(boolean now) {
    answering = now;
    headersBegan = 0;
  }

  @Override
  public synchronized int fill(ByteBuffer buffer) throws IOException {
    if (ahead.hasRemaining()) {
      return BufferUtil.append(buffer, ahead);
    }
    int count = super.fill(buffer);
    if (!answering && count > 0) {
      limitHeaderTime();
    }
    return count;
  }

  /** A client that sends its headers byte by byte is not waited for. */
  private void limitHeaderTime() throws IOException {
    long now = System.nanoTime();
    if (headersBegan == 0) {
      headersBegan = now;
    } else if (now - headersBegan > limits.sending().toNanos()) {
      TimeoutException slow =
          new TimeoutException(
              "headers took more than "
                  + TimeUnit.NANOSECONDS.toSeconds(limits.sending().toNanos())
                  + " s");
      close(slow);
      throw new IOException(slow);
    }
  }

  /**
   * Whether the client has closed its side. To be called only after its request was read as a whole
   * and before the answer is complete.
   */
  synchronized boolean gone() {
    if (!isOpen() || isInputShutdown()) {
      return true;
    } else if (ahead.hasRemaining()) {
      return false;
    }
    try {
      return super.fill(ahead) < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
