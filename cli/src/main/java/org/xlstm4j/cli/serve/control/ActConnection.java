package org.xlstm4j.cli.serve.control;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.act.ActServer;
import org.xlstm4j.cli.process.Failures;

/**
 * A robot's connection: a message with a JSON object in, a message with one out. A platform thread
 * of its own computes, since a step keeps a core busy. The next message is read when the answer to
 * the one before has gone out. What goes wrong ends this connection alone.
 *
 * <p>Public for the library of WebSockets, which calls its methods by reflection.
 */
public final class ActConnection implements Session.Listener {
  private static final int OPENING_SECONDS = 30;

  private final ActServer server;
  private final int longest;
  private final PrintStream log;

  /** A message or, when there will be none, nothing; and that nothing may be there behind it. */
  private final BlockingQueue<Optional<String>> inbox = new ArrayBlockingQueue<>(2);

  private final CountDownLatch opened = new CountDownLatch(1);
  private final CountDownLatch through = new CountDownLatch(1);
  private volatile @Nullable Session session;

  /**
   * A connection. The caller has its thread {@link #serve}.
   *
   * @param server answers its messages
   * @param longest message in bytes
   * @param log takes a line if something fails that is the server's
   */
  ActConnection(ActServer server, int longest, PrintStream log) {
    this.server = server;
    this.longest = longest;
    this.log = log;
  }

  /** Answers until the connection ends. */
  void serve() {
    try {
      if (!opened.await(OPENING_SECONDS, TimeUnit.SECONDS)) {
        return; // the client was gone before it was answered
      }
      server.beginAsSet();
      for (Optional<String> message = inbox.take(); message.isPresent(); message = inbox.take()) {
        Session open = session;
        String answer = server.answer(message.get());
        if (open != null) {
          open.sendText(answer, Callback.from(open::demand, _ -> end()));
        }
        server.settle();
        server.report();
      }
    } catch (IOException | RuntimeException | Error e) {
      log.println("xlstm serve: " + ActHandler.PATH + ": " + Failures.line(e));
      close(StatusCode.SERVER_ERROR, "the server failed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      through.countDown();
    }
  }

  @Override
  public void onWebSocketOpen(Session open) {
    open.setMaxTextMessageSize(longest);
    open.setMaxFrameSize(longest);
    session = open;
    opened.countDown();
    open.demand();
  }

  @Override
  public void onWebSocketText(String message) {
    if (!inbox.offer(Optional.of(message))) {
      throw new IllegalStateException("a message that was not asked for");
    }
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    callback.succeed();
    close(StatusCode.BAD_DATA, "expected text, JSON objects");
    end();
    Session open = session;
    if (open != null) {
      open.demand(); // the client's goodbye, without which the connection would stay
    }
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    end();
  }

  @Override
  public void onWebSocketClose(int status, @Nullable String reason, Callback callback) {
    end();
    callback.succeed();
  }

  private void end() {
    // where there is no room for it, it is there already
    boolean unused = inbox.offer(Optional.empty());
    opened.countDown();
  }

  private void close(int status, String reason) {
    Session open = session;
    if (open != null) {
      open.close(status, reason, Callback.NOOP);
    }
  }

  /** Says goodbye, and waits until nothing computes any more. */
  void shutDown() {
    close(StatusCode.SHUTDOWN, "the server ends");
    end();
    try {
      through.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
