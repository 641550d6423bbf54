package org.xlstm4j.reliability.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.xlstm4j.engine.threads.Team;

/**
 * Rounds of one server that is opened, asked by many clients at once for all that it does, some of
 * which go away, and closed in the midst of it: it comes to its end, nobody gets a failure of the
 * server's, nobody waits on, and no thread of it is left.
 */
public final class ServerStress {
  private static final int CLIENTS = 6;
  private static final int LONGEST_ROUND_MILLISECONDS = 400;

  /** What takes longer hangs, also on a machine that is busy with something else. */
  private static final long PATIENCE_SECONDS = 120;

  private final List<String> requests =
      List.of(
          post("/v1/completions", "{\"prompt\":\"ab\",\"max_tokens\":20,\"n\":2}"),
          post("/v1/completions", "{\"prompt\":[1,2,3],\"max_tokens\":20,\"stream\":true}"),
          post("/v1/chat/completions", "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"),
          post("/v1/forecasts", "{\"context\":[[1,2,3,4]],\"prediction_length\":64}"),
          post("/v1/embeddings", "{\"model\":\"series\",\"input\":[[1,2,3,4]]}"),
          post("/tokenize", "{\"content\":\"ab\"}"),
          ServedRequests.HANDSHAKE,
          ServedRequests.HANDSHAKE
              + "\u0081\u00a6\0\0\0\0{\"observation\":[0.1,0,0,0],\"reward\":1}",
          "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

  private final Path scratch;
  private final Random random = new Random();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong cut = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * Stress of servers.
   *
   * @param scratch a folder for a model that has to be made
   */
  public ServerStress(Path scratch) {
    this.scratch = scratch;
  }

  private static String post(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** One server from its opening to its end. */
  public void round() throws IOException, InterruptedException {
    SmallServer server = SmallServer.start(scratch, Team.of(1 + random.nextInt(3)));
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      long seed = random.nextLong();
      clients.add(Thread.ofPlatform().daemon().start(() -> ask(server, new Random(seed))));
    }
    Thread.sleep(random.nextInt(LONGEST_ROUND_MILLISECONDS));
    Thread closing = Thread.ofPlatform().daemon().start(server::close);
    await(closing, "the server does not end");
    for (Thread client : clients) {
      await(client, "a client waits");
    }
    server.requireNoFailure();
    awaitThreads();
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("after " + answered + " answers", thrown);
    }
  }

  private void ask(SmallServer server, Random random) {
    try {
      while (true) {
        byte[] request = requests.get(random.nextInt(requests.size())).getBytes(ISO_8859_1);
        RawClient.Then then = random.nextBoolean() ? RawClient.Then.END : RawClient.Then.WAIT;
        byte[] answer = RawClient.ask(server.address(), request, then);
        boolean whole = Answers.check(answer) != 0;
        (whole ? answered : cut).incrementAndGet();
      }
    } catch (ConnectException e) {
      // the server has ended
    } catch (IOException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private static void await(Thread thread, String otherwise) throws InterruptedException {
    if (!thread.join(Duration.ofSeconds(PATIENCE_SECONDS))) {
      throw new IllegalStateException(otherwise + ":\n" + stacks());
    }
  }

  /** Waits until no thread is there that servers begin, as robots' end by themselves. */
  private static void awaitThreads() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (Thread.getAllStackTraces().keySet().stream().anyMatch(ServerStress::isServers)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("threads of the server are left:\n" + stacks());
      }
      Thread.sleep(1);
    }
  }

  private static boolean isServers(Thread thread) {
    return thread.getName().matches("xlstm4j-(http|compute|prompts|texts|robot).*");
  }

  private static String stacks() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
      text.append(thread.getKey()).append('\n');
      for (StackTraceElement frame : thread.getValue()) {
        text.append("    ").append(frame).append('\n');
      }
    }
    return text.toString();
  }

  /** Answers that came as a whole. */
  public long answered() {
    return answered.get();
  }

  /** Answers that the end or the client's own end cut off. */
  public long cut() {
    return cut.get();
  }
}
