package org.xlstm4j.cli.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A hub with one model, {@code org/model}, which answers as the real one does. */
final class FakeHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** From here on files are large ones, with a SHA-256 and on another server. */
  private static final int LARGE = 1000;

  /** Comes before the usual answer; null leaves it at that. */
  interface Fault {
    FakeServer.@Nullable Response answer(FakeServer.Request request);
  }

  final Map<String, byte[]> files = new LinkedHashMap<>();
  final FakeServer server = new FakeServer(this::answer);
  final FakeServer storage = new FakeServer(this::stored);
  final List<Duration> waits = new CopyOnWriteArrayList<>();
  final Map<String, String> variables = new LinkedHashMap<>();
  volatile String commit = COMMIT;
  volatile Fault fault = request -> null;
  volatile Fault storageFault = request -> null;
  private final Path home;

  FakeHub(Path home) {
    this.home = home;
    files.put("config.json", "{\"model_type\": \"xlstm\"}".getBytes(UTF_8));
    files.put("README.md", "words".getBytes(UTF_8));
    files.put("tokenizer.json", "{}".getBytes(UTF_8));
    files.put("model.safetensors", random(300_000));
    variables.put("HF_ENDPOINT", server.address());
    variables.put("HF_HOME", home.toString());
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  HubEnvironment environment() {
    return new HubEnvironment(variables, home);
  }

  Pull pull(String name) {
    return new Pull(environment(), name(name), false, waits::add, 1000);
  }

  Pull.Result run() throws IOException {
    return pull("org/model").run((done, total) -> {});
  }

  static HubName name(String text) {
    return Objects.requireNonNull(HubName.parse(text), text);
  }

  ModelCache cache() {
    return new ModelCache(environment().cache(), name("org/model"));
  }

  Path folder() {
    return environment().cache().resolve("models--org--model");
  }

  String digest(String path) {
    byte[] content = files.get(path);
    return content.length >= LARGE ? sha("SHA-256", content) : git(content);
  }

  private static String git(byte[] content) {
    byte[] head = ("blob " + content.length + "\0").getBytes(UTF_8);
    byte[] all = Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, all, head.length, content.length);
    return sha("SHA-1", all);
  }

  private static String sha(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An entry of the list of files. */
  String entry(String path) {
    byte[] content = files.get(path);
    String start = "{\"type\":\"file\",\"path\":\"" + path + "\",\"size\":" + content.length;
    return content.length < LARGE
        ? start + ",\"oid\":\"" + digest(path) + "\"}"
        : start
            + ",\"oid\":\"ffffffffffffffffffffffffffffffffffffffff\",\"lfs\":{\"oid\":\""
            + digest(path)
            + "\",\"size\":"
            + content.length
            + ",\"pointerSize\":134},\"xetHash\":\"00\"}";
  }

  /** The list of files. */
  String list() {
    List<String> entries = new ArrayList<>();
    entries.add("{\"type\":\"directory\",\"oid\":\"00\",\"size\":0,\"path\":\"folder\"}");
    files.keySet().forEach(path -> entries.add(entry(path)));
    return "[" + String.join(",", entries) + "]";
  }

  private FakeServer.Response answer(FakeServer.Request request) {
    FakeServer.Response wrong = fault.answer(request);
    if (wrong != null) {
      return wrong;
    }
    String path = request.path();
    if (path.startsWith("/api/models/org/model/revision/")) {
      return FakeServer.Response.of(
          200, "{\"id\":\"org/model\",\"sha\":\"" + commit + "\",\"siblings\":[{}]}");
    } else if (path.equals("/api/models/org/model/tree/" + commit + "?recursive=true")) {
      return FakeServer.Response.of(200, list());
    }
    String start = "/org/model/resolve/" + commit + "/";
    byte[] content = path.startsWith(start) ? files.get(path.substring(start.length())) : null;
    if (content == null) {
      return FakeServer.Response.of(404, "", "X-Error-Code", "EntryNotFound");
    }
    String file = path.substring(start.length());
    return content.length < LARGE
        ? part(request, content)
        : FakeServer.Response.of(302, "", "Location", storage.address() + "/store/" + file);
  }

  private FakeServer.Response stored(FakeServer.Request request) {
    FakeServer.Response wrong = storageFault.answer(request);
    byte[] content = files.get(request.path().replaceFirst("/store/", ""));
    return wrong != null ? wrong : part(request, content);
  }

  /** What a server of files answers. */
  static FakeServer.Response part(FakeServer.Request request, byte[] content) {
    int from = request.from();
    if (from == 0) {
      return FakeServer.Response.of(200, content);
    }
    return from >= content.length
        ? FakeServer.Response.of(416, "", "Content-Range", "bytes */" + content.length)
        : FakeServer.Response.of(
            206,
            Arrays.copyOfRange(content, from, content.length),
            "Content-Range",
            "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
  }

  @Override
  public void close() {
    server.close();
    storage.close();
  }
}
