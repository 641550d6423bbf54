package org.xlstm4j.cli.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xlstm4j.cli.serve.http.Access;
import org.xlstm4j.cli.serve.http.ApiKeys;
import org.xlstm4j.cli.serve.http.HostNames;
import org.xlstm4j.cli.serve.http.HttpLimits;
import org.xlstm4j.cli.serve.http.Origins;
import org.xlstm4j.cli.serve.json.Fields;

/** Clients that mean no good or know no better. After each of them the server still answers. */
@Tag("slow")
@Timeout(60)
class HostileClientsTest {
  private static final String PATH = "/v1/completions";
  private static final Duration SHORT = Duration.ofMillis(700);
  private static final HttpLimits LIMITS =
      new HttpLimits(100_000, 8192, 50, 64, SHORT, SHORT, Duration.ofSeconds(30));

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(TestServer.OPEN, LIMITS, TestServer.TEXTS);
  }

  @AfterEach
  void answersStill() throws Exception {
    assertEquals(200, server.get("/health").statusCode());
    assertEquals("", server.log());
    server.await("xlstm_texts_running", 0);
    server.close();
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** All that the server says until it closes the connection. */
  private static String all(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (SocketException e) {
      return ""; // it closed with bytes of ours unread
    }
  }

  /** The status that a request of bytes gets. */
  private String status(byte[] body) throws Exception {
    HttpResponse<String> response =
        server.send(
            server.request(PATH).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build());
    assertTrue(response.body().startsWith("{\"error\":{\"message\":"), response.body());
    return response.statusCode() + response.body();
  }

  private String generation(String more) {
    String json = "{\"prompt\": \"x\", \"max_tokens\": 900000" + more + "}";
    return "POST "
        + PATH
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
        + json.length()
        + "\r\n\r\n"
        + json;
  }

  @Test
  void aBodyThatIsAnnouncedAsTenGigabytesIsNotWaitedFor() throws Exception {
    try (Socket socket = server.connect()) {
      write(
          socket,
          "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000000\r\n\r\n{");
      String answer = all(socket);
      assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
      assertTrue(answer.contains("100000 bytes"), answer);
    }
  }

  @Test
  void aBodyThatEndsEarlyIsTheClientsFault() throws Exception {
    try (Socket socket = server.connect()) {
      write(
          socket, "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
      socket.shutdownOutput();
      String answer = all(socket);
      assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
      assertTrue(answer.contains("\"code\":\"connection_closed\""), answer);
    }
  }

  @Test
  void anAnswerThatIsNotReadEndsAtItsTime() throws Exception {
    Duration minute = Duration.ofMinutes(1);
    HttpLimits limits =
        new HttpLimits(8 << 20, 8192, 50, 64, minute, minute, Duration.ofSeconds(2));
    try (TestServer other = TestServer.start(TestServer.OPEN, limits, TestServer.TEXTS);
        Socket socket = other.connect()) {
      Fields control = other.answer("/tokenize", "{\"content\": \"\\u0001\"}");
      Object token = ((List<?>) Objects.requireNonNull(control.value("tokens"))).getLast();
      String json = "{\"tokens\": [" + (token + ",").repeat(1_500_000) + token + "]}";
      write(
          socket,
          "POST /detokenize HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
              + json.length()
              + "\r\n\r\n"
              + json);
      other.await("xlstm_requests_total{path=\"/detokenize\",status=\"499\"}", 1);
    }
  }

  @Test
  void anErrorIsOneLineWhateverItRepeats() throws Exception {
    String answer = status("{\"prompt\": \"x\", \"y\u0085\u2028y\": 1}".getBytes(UTF_8));
    assertTrue(answer.startsWith("400{"), answer);
    assertTrue(answer.contains("y??y"), answer);
  }

  @Test
  void aBodyOfUnknownLengthIsCutOff() throws Exception {
    try (Socket socket = server.connect()) {
      write(
          socket,
          "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      String chunk = "4000\r\n" + " ".repeat(0x4000) + "\r\n";
      int sent = 0;
      try {
        for (; sent < 10_000; sent++) {
          write(socket, chunk);
        }
      } catch (SocketException e) {
        // it has closed
      }
      assertTrue(sent < 10_000, "164 MB were taken");
    }
  }

  @Test
  void bodiesOfManyClientsAreBoundedTogether() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    int refused = 0;
    try {
      for (int i = 0; i < 12; i++) {
        sockets.add(server.connect());
        write(
            sockets.get(i),
            "POST "
                + PATH
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99000\r\n\r\n"
                + " ".repeat(98_000));
      }
      for (Socket socket : sockets) {
        refused += all(socket).startsWith("HTTP/1.1 503 ") ? 1 : 0;
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    assertTrue(refused >= 4 && refused < 12, refused + " of 12");
    assertEquals(1, server.answer(PATH, "{\"max_tokens\": 1}").objects("choices").size());
  }

  @Test
  void whatIsNoJsonIsRefused() throws Exception {
    for (String body :
        List.of(
            "",
            "x",
            "[]",
            "{\"prompt\": \"x\"",
            "{\"prompt\": \"x\"} {}",
            "{\"n\": 1, \"n\": 2}",
            "{\"prompt\": \"\\ud800\"}",
            "{\"prompt\": [null]}",
            "{\"n\": " + "9".repeat(500) + "}")) {
      assertTrue(status(body.getBytes(UTF_8)).startsWith("400"), body);
    }
  }

  @Test
  void deepNestingIsRefused() throws Exception {
    String deep = "{\"prompt\": " + "[".repeat(40_000);
    assertTrue(status(deep.getBytes(UTF_8)).contains("nesting depth"));
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() throws Exception {
    for (String bytes : List.of("\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00e2\u0082")) {
      byte[] body = ("{\"prompt\": \"" + bytes + "\"}").getBytes(ISO_8859_1);
      assertTrue(status(body).contains("not UTF-8"));
    }
  }

  @Test
  void aFloodOfHeadersIsRefused() throws Exception {
    try (Socket socket = server.connect()) {
      write(
          socket, "GET /health HTTP/1.1\r\nHost: localhost\r\n" + "a: b\r\n".repeat(100) + "\r\n");
      write(
          socket, "GET /health HTTP/1.1\r\nHost: localhost\r\n" + "a: b\r\n".repeat(2000) + "\r\n");
      String answers = all(socket);
      assertTrue(answers.startsWith("HTTP/1.1 431 "), answers);
      assertEquals(2, answers.split("HTTP/1.1 431 ", -1).length - 1, answers);
      assertTrue(answers.contains("more than 50 headers"), answers);
    }
  }

  @Test
  void aPathWithoutEndIsRefused() throws Exception {
    try (Socket socket = server.connect()) {
      write(socket, "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertTrue(all(socket).startsWith("HTTP/1.1 414 "));
    }
  }

  @Test
  void headersByteByByteAreNotWaitedFor() throws Exception {
    try (Socket socket = server.connect()) {
      int sent = 0;
      try {
        for (; sent < 200; sent++) {
          write(socket, sent == 0 ? "GET /health HTTP/1.1\r\nHost: localhost\r\na: " : "b");
          Thread.sleep(50);
        }
      } catch (SocketException e) {
        // it has closed
      }
      assertTrue(sent < 100, "ten seconds of headers");
    }
  }

  @Test
  void aBodyByteByByteIsNotWaitedFor() throws Exception {
    try (Socket socket = server.connect()) {
      write(
          socket, "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
      int sent = 0;
      try {
        for (; sent < 200; sent++) {
          write(socket, " ");
          Thread.sleep(50);
        }
      } catch (SocketException e) {
        // it has closed
      }
      assertTrue(sent < 100, "ten seconds of a body");
    }
  }

  @Test
  void connectionsThatSayNothingAreClosed() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        silent.add(server.connect());
        write(silent.get(i), i % 2 == 0 ? "" : "POST " + PATH + " HTTP/1.1\r\nHost: loc");
      }
      for (Socket socket : silent) {
        all(socket); // returns when the server has closed it
      }
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  /** The text is generated as fast as ever, and the reader is given up. */
  @Test
  void aReaderThatDoesNotReadHoldsNothingUp() throws Exception {
    try (Socket socket = server.connect()) {
      write(socket, generation(", \"stream\": true, \"logprobs\": 20"));
      server.await("xlstm_texts_running", 1);
      server.await("xlstm_texts_running", 0);
    }
  }

  @Test
  void aClientThatVanishesEndsItsTextStreamedOrNot() throws Exception {
    for (String stream : List.of(", \"stream\": true", "")) {
      try (Socket socket = server.connect()) {
        write(socket, generation(stream));
        server.await("xlstm_texts_running", 1);
      }
      server.await("xlstm_texts_running", 0);
    }
  }

  @Test
  void aClientThatVanishesWhileItWaitsIsForgotten() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        sockets.add(server.connect());
        write(sockets.get(i), generation(""));
      }
      server.await("xlstm_requests_waiting", 3);
      for (int i = 4; i >= 0; i--) {
        sockets.get(i).close();
      }
      server.await("xlstm_requests_waiting", 0);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** A next request that comes early is not taken for the client's end, and is answered. */
  @Test
  void requestsMayComeBeforeTheAnswers() throws Exception {
    String json = "{\"prompt\": \"x\", \"max_tokens\": 400, \"temperature\": 0}";
    try (Socket socket = server.connect()) {
      OutputStream out = socket.getOutputStream();
      String first =
          "POST "
              + PATH
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
              + json.length()
              + "\r\n\r\n"
              + json;
      out.write(first.getBytes(UTF_8));
      out.flush();
      server.await("xlstm_texts_running", 1);
      out.write(
          "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
      String answers = all(socket);
      assertEquals(2, answers.split("HTTP/1.1 200 OK", -1).length - 1, answers);
      assertTrue(answers.endsWith("{\"status\":\"ok\"}"), answers);
    }
  }

  @Test
  void anotherNameOrPageIsRefused() throws Exception {
    try (Socket socket = server.connect()) {
      write(socket, "GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
      assertTrue(all(socket).startsWith("HTTP/1.1 403 "));
    }
    HttpRequest page =
        server.request("/v1/models").header("Origin", "https://evil.example").build();
    assertEquals(403, server.send(page).statusCode());
    HttpRequest own =
        server
            .request("/v1/models")
            .header("Origin", "http://localhost:" + server.server.address().getPort())
            .build();
    assertEquals(200, server.send(own).statusCode());
  }

  @Test
  void whereAKeyIsNeededNothingElseOpens() throws Exception {
    Access access =
        new Access(
            new ApiKeys(List.of("first", "second")),
            HostNames.any(),
            new Origins(Set.of("https://good.example")));
    try (TestServer locked = TestServer.start(access, LIMITS, TestServer.TEXTS)) {
      assertEquals(200, locked.get("/health").statusCode());
      for (String path : List.of("/v1/models", "/metrics", "/nowhere")) {
        assertEquals(401, locked.get(path).statusCode(), path);
      }
      for (String wrong : List.of("Bearer", "Bearer ", "Bearer firs", "Basic first", "first")) {
        HttpRequest request = locked.request("/v1/models").header("Authorization", wrong).build();
        assertEquals(401, locked.send(request).statusCode(), wrong);
      }
      for (String right : List.of("Bearer first", "bearer second")) {
        HttpRequest request =
            locked
                .request("/v1/models")
                .header("Authorization", right)
                .header("Origin", "https://good.example")
                .build();
        HttpResponse<String> response = locked.send(request);
        assertEquals(200, response.statusCode());
        assertEquals(
            "https://good.example",
            response.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
      }
      HttpRequest question =
          locked
              .request(PATH)
              .header("Origin", "https://good.example")
              .header("Access-Control-Request-Method", "POST")
              .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
              .build();
      assertEquals(204, locked.send(question).statusCode());
    }
  }
}
