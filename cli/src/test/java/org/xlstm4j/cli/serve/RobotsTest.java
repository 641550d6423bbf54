package org.xlstm4j.cli.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xlstm4j.cli.Outcome;
import org.xlstm4j.cli.serve.http.Access;
import org.xlstm4j.cli.serve.http.ApiKeys;
import org.xlstm4j.cli.serve.http.HostNames;
import org.xlstm4j.cli.serve.http.HttpLimits;
import org.xlstm4j.cli.serve.http.Origins;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionSession;

/** Robots that are driven over WebSockets: each by itself, whatever the others do. */
@Tag("slow")
@Timeout(60)
class RobotsTest {
  private static final String PENDULUM = "?task=Pendulum-v1";
  private static final String OBSERVATION = "{\"observation\":[1,0,0.1]}";

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Robot> robots = new ArrayList<>();
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.of("lram-control");
  }

  @AfterEach
  void end() throws Exception {
    for (Robot robot : robots) {
      robot.socket.abort();
    }
    server.await("xlstm_act_connections", 0);
    assertEquals("", server.log());
    server.close();
    client.close();
  }

  /** The client's side of a connection. */
  private static final class Robot implements WebSocket.Listener {
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private WebSocket socket;

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        answers.add(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      closed.complete(status + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closed.complete(failure.toString());
    }

    String ask(String message) throws InterruptedException {
      socket.sendText(message, true).join();
      return answer();
    }

    String answer() throws InterruptedException {
      return answers.poll(30, TimeUnit.SECONDS);
    }
  }

  private Robot connect(String query, String... headers) {
    Robot robot = new Robot();
    WebSocket.Builder builder = client.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    robot.socket = builder.buildAsync(uri(query), robot).join();
    robots.add(robot);
    return robot;
  }

  private URI uri(String query) {
    return URI.create("ws://localhost:" + server.server.address().getPort() + "/v1/act" + query);
  }

  /** The status of a connection that is refused. */
  private int refused(String query, String... headers) {
    CompletionException failure =
        assertThrows(CompletionException.class, () -> connect(query, headers));
    return ((WebSocketHandshakeException) failure.getCause()).getResponse().statusCode();
  }

  @Test
  void actsAsTheModelDoes() throws Exception {
    Robot robot = connect(PENDULUM);
    try (ActionModel model = ActionModel.open(Outcome.pretrained("lram-control"))) {
      ActionSession session = model.newSession(model.task("Pendulum-v1"), Team.of(1));
      float[] action = new float[1];
      for (int step = 0; step < 5; step++) {
        boolean unused = session.act(new float[] {1, 0, step * 0.1f}, -step, action);
        String answer =
            robot.ask("{\"observation\":[1,0," + step * 0.1f + "],\"reward\":" + -step + "}");
        assertTrue(answer.startsWith("{\"action\":[" + action[0] + "],"), answer);
      }
    }
    assertEquals(
        "{\"observation\":4,\"action\":1,\"discrete\":true}",
        robot.ask("{\"reset\":{\"task\":\"CartPole-v1\"}}"));
  }

  @Test
  void holdsToLimitsAndDeadlines() throws Exception {
    String limits = URLEncoder.encode("{\"lowest\":-0.1,\"highest\":0.1,\"fallback\":0.05}", UTF_8);
    Robot robot =
        connect(
            PENDULUM
                + "&limits="
                + limits
                + "&deadline=0.000001&on-miss=stop:2&bad-observation=hold:9");
    String first = robot.ask("{\"observation\":[-1,0.1,3]}");
    assertTrue(
        first.matches("\\{\"action\":\\[-?0\\.1],.*\"missed\":1,\"state\":\"running\"}"), first);
    String held = robot.ask("{\"observation\":[null,0.1,3]}");
    assertTrue(held.contains("\"state\":\"held\""), held);
    List<String> logged = new CopyOnWriteArrayList<>();
    Handler handler =
        new StreamHandler() {
          @Override
          public void publish(LogRecord line) {
            logged.add(line.getMessage());
          }
        };
    Logger logger = Logger.getLogger("org.xlstm4j.cli.act");
    logger.addHandler(handler);
    String stopped = "";
    for (int step = 0; step < 4 && !stopped.contains("stopped"); step++) {
      stopped = robot.ask("{\"observation\":[-1,0.1,3]}");
    }
    assertTrue(stopped.contains("\"action\":[0.05]"), stopped);
    assertTrue(stopped.contains("\"cause\":"), stopped);
    String next = robot.ask("{\"observation\":[-1,0.1,3]}"); // the log of the one before is there
    logger.removeHandler(handler);
    assertTrue(next.contains("stopped"), next);
    assertTrue(logged.stream().anyMatch(line -> line.contains("stopped at step")), "no log");
  }

  @Test
  void aFaultOfOneIsNoneOfTheOthers() throws Exception {
    Robot calm = connect(PENDULUM);
    String expected = calm.ask(OBSERVATION).replaceFirst("\"nanoseconds.*", "");
    Robot wild = connect(PENDULUM);
    assertTrue(wild.ask("{\"observation\":[1,0,NaN]}").startsWith("{\"error\":"));
    assertTrue(wild.ask("{\"observation\":[1,0]}").startsWith("{\"error\":"));
    assertTrue(wild.ask("[".repeat(20_000)).startsWith("{\"error\":"));
    assertTrue(wild.ask("").startsWith("{\"error\":"));
    assertEquals(expected, wild.ask(OBSERVATION).replaceFirst("\"nanoseconds.*", ""));
    wild.socket.sendText("x".repeat(100_000), true).join();
    assertTrue(wild.closed.get(20, TimeUnit.SECONDS).startsWith("1009"), wild.closed.join());
    Robot binary = connect(PENDULUM);
    binary.socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();
    assertEquals("1003 expected text, JSON objects", binary.closed.get(20, TimeUnit.SECONDS));
    assertTrue(calm.ask(OBSERVATION).startsWith("{\"action\":"));
  }

  private static String handshake(String more) {
    return handshake(PENDULUM, more);
  }

  private static String handshake(String query, String more) {
    return "GET /v1/act"
        + query
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + more
        + "\r\n";
  }

  private static void write(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
  }

  @Test
  void aBodyBehindTheHandshakeIsRefused() throws Exception {
    assertRefused(handshake("Content-Length: 5\r\nConnection: close\r\n"), "has no body");
  }

  @Test
  void anAddressThatIsNoUriIsRefused() throws Exception {
    assertRefused(handshake(";\\" + PENDULUM, "Connection: close\r\n"), "no URI");
  }

  private void assertRefused(String request, String reason) throws Exception {
    try (Socket socket = server.connect()) {
      write(socket, request);
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains(reason), answer);
    }
    assertEquals(0, server.metric("xlstm_act_connections"));
  }

  @Test
  void aRobotThatSendsBytesMakesRoomAtOnce() throws Exception {
    try (Socket socket = server.connect()) {
      write(socket, handshake("") + "\u0082\u0080\0\0\0\0");
      server.await("xlstm_act_connections", 0);
      socket.shutdownOutput(); // without a farewell
      assertTrue(socket.getInputStream().readAllBytes().length > 0);
    }
  }

  @Test
  void aVanishedRobotMakesRoom() throws Exception {
    try (Socket socket = server.connect()) {
      write(socket, handshake(""));
      assertTrue(socket.getInputStream().read() > 0);
      server.await("xlstm_act_connections", 1);
      socket.setSoLinger(true, 0); // the connection is reset, without a farewell
    }
    server.await("xlstm_act_connections", 0);
    for (int i = 0; i < 8; i++) {
      Robot unused = connect(PENDULUM);
    }
    assertEquals(503, refused(PENDULUM));
    robots.getFirst().socket.abort();
    server.await("xlstm_act_connections", 7);
    assertTrue(connect(PENDULUM).ask(OBSERVATION).startsWith("{\"action\":"));
  }

  @Test
  void refusesWishesThatItCannotGrant() throws Exception {
    assertEquals(400, refused("?task=none"));
    assertEquals(400, refused("?speed=9"));
    assertEquals(400, refused("?mode=fast"));
    assertEquals(400, refused("?on-miss=stop"));
    assertEquals(400, refused("?deadline=NaN"));
    assertEquals(400, refused(PENDULUM + "&deadline=1e-9"));
    assertEquals(400, refused(PENDULUM + "&limits=%7B"));
    assertEquals(400, refused(PENDULUM + "&limits=%7B%22lowest%22:3,%22highest%22:1%7D"));
    assertEquals(404, refused("?model=none"));
    assertEquals(403, refused(PENDULUM, "Origin", "https://example.org"));
    assertEquals(426, server.get("/v1/act").statusCode());
  }

  @Test
  void saysGoodbyeWhenTheServerEnds() throws Exception {
    Robot robot = connect(PENDULUM);
    assertTrue(robot.ask(OBSERVATION).startsWith("{\"action\":"));
    server.server.close();
    assertEquals("1001 the server ends", robot.closed.get(20, TimeUnit.SECONDS));
    server.close();
    start();
  }

  @Test
  void takesTheKeyOfAPageAsASubprotocol() throws Exception {
    server.close();
    server =
        TestServer.start(
            new Access(
                new ApiKeys(List.of("geheim/+1")),
                HostNames.loopbackAnd(List.of()),
                new Origins(Set.of())),
            new HttpLimits(
                1 << 20,
                8192,
                50,
                64,
                Duration.ofSeconds(9),
                Duration.ofSeconds(9),
                Duration.ofSeconds(9)),
            TestServer.TEXTS,
            "lram-control");
    assertEquals(401, refused(PENDULUM));
    String key =
        Base64.getUrlEncoder().withoutPadding().encodeToString("geheim/+1".getBytes(UTF_8));
    Robot robot = new Robot();
    robot.socket =
        client
            .newWebSocketBuilder()
            .subprotocols("xlstm.act", "key." + key)
            .buildAsync(uri(PENDULUM), robot)
            .join();
    assertEquals("xlstm.act", robot.socket.getSubprotocol());
    assertTrue(robot.ask(OBSERVATION).startsWith("{\"action\":"));
    robot.socket.abort();
    assertEquals(401, server.get("/v1/models").statusCode());
    assertEquals(200, server.get("/").statusCode());
    server.close();
    start();
  }
}
