package org.xlstm4j.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.xlstm4j.cli.serve.http.Access;
import org.xlstm4j.cli.serve.http.ApiKeys;
import org.xlstm4j.cli.serve.http.HostNames;
import org.xlstm4j.cli.serve.http.HttpLimits;
import org.xlstm4j.cli.serve.http.Origins;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.language.StateLimits;
import org.xlstm4j.cli.serve.language.TextLimits;
import org.xlstm4j.cli.serve.models.ServedModels;
import org.xlstm4j.engine.threads.Team;

/** A server in this process, on any free port, and a client of it. */
final class TestServer implements AutoCloseable {
  static final Access OPEN =
      new Access(new ApiKeys(List.of()), HostNames.loopbackAnd(List.of()), new Origins(Set.of()));

  static final TextLimits TEXTS = new TextLimits(2, 64, 1_000_000, StateLimits.usual());

  private final ServedModels models;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final HttpClient client = HttpClient.newHttpClient();
  final ModelServer server;

  private TestServer(Access access, HttpLimits http, TextLimits texts, Map<String, Path> folders)
      throws IOException {
    models = ServedModels.open(folders);
    ServeSettings settings =
        new ServeSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            access,
            http,
            texts,
            Team.of(1),
            Duration.ofSeconds(20));
    server = ModelServer.start(settings, models, new PrintStream(log, true, UTF_8));
  }

  /** A server of one language model. */
  static TestServer start() throws IOException {
    return start(OPEN, HttpLimits.usual(), TEXTS);
  }

  /** A server of one language model. */
  static TestServer start(Access access, HttpLimits http, TextLimits texts) throws IOException {
    return new TestServer(access, http, texts, shipped("xlstm-large-mini-q8"));
  }

  /** A server of one model. */
  static TestServer start(Access access, HttpLimits http, TextLimits texts, String model)
      throws IOException {
    return new TestServer(access, http, texts, shipped(model));
  }

  /** A server of several models. */
  static TestServer of(String... models) throws IOException {
    return of(shipped(models));
  }

  /** A server of models in these folders. */
  static TestServer of(Map<String, Path> folders) throws IOException {
    return new TestServer(OPEN, HttpLimits.usual(), TEXTS, folders);
  }

  private static Map<String, Path> shipped(String... names) {
    Path all = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")));
    Map<String, Path> folders = new LinkedHashMap<>();
    for (String name : names) {
      folders.put(name, all.resolve(name));
    }
    return folders;
  }

  HttpRequest.Builder request(String path) {
    URI uri = URI.create("http://localhost:" + server.address().getPort() + path);
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(json)).build());
  }

  /** The object that a request gets. */
  Fields answer(String path, String json) throws Exception {
    HttpResponse<String> response = post(path, json);
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.body());
    }
    return Fields.read(response.body().getBytes(UTF_8));
  }

  /** The objects of the events that a request gets, without the mark of their end. */
  List<Fields> events(String path, String json) throws Exception {
    List<Fields> events = new ArrayList<>();
    String body = post(path, json).body();
    if (!body.endsWith("data: [DONE]\n\n")) {
      throw new IllegalStateException(body);
    }
    for (String line : body.lines().filter(line -> line.startsWith("data: {")).toList()) {
      events.add(Fields.read(line.substring(6).getBytes(UTF_8)));
    }
    return events;
  }

  /** A connection that says what a test likes; reading from it fails after a while. */
  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096); // a client that does not read is soon one that is full
    socket.setSoTimeout(20_000);
    socket.connect(server.address());
    return socket;
  }

  /** The value of a line of the metrics, or 0 if there is none. */
  double metric(String line) throws IOException, InterruptedException {
    return get("/metrics")
        .body()
        .lines()
        .filter(one -> one.startsWith(line + " "))
        .mapToDouble(one -> Double.parseDouble(one.substring(line.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  /** Waits until a metric has a value. */
  void await(String line, double value) throws IOException, InterruptedException {
    for (int wait = 0; wait < 400; wait++) {
      if (metric(line) == value) {
        return;
      }
      Thread.sleep(25);
    }
    throw new IllegalStateException(line + " is " + metric(line) + ", expected " + value);
  }

  /** What the server had to say about its own failures. */
  String log() {
    return log.toString(UTF_8);
  }

  @Override
  public void close() {
    client.shutdownNow();
    server.close();
    models.close();
  }
}
