package org.xlstm4j.reliability.durability;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A model hub with one model of two files, which change whenever somebody asks for the revision.
 */
final class SmallHub implements AutoCloseable {
  private static final int LENGTH = 200_000;
  private static final String WEIGHTS = "model.safetensors";

  private final HttpServer server;
  private final AtomicLong changes = new AtomicLong();

  SmallHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** What {@code HF_ENDPOINT} has to be. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body;
      if (path.contains("/revision/")) {
        body =
            ("{\"sha\":\"" + "%040x".formatted(changes.incrementAndGet()) + "\"}").getBytes(UTF_8);
      } else if (path.contains("/tree/")) {
        String commit = path.substring(path.lastIndexOf('/') + 1);
        body =
            ("[" + entry(WEIGHTS, commit) + "," + entry("config.json", commit) + "]")
                .getBytes(UTF_8);
      } else {
        String[] parts = path.split("/", -1);
        body = content(parts[parts.length - 1], parts[parts.length - 2]);
      }
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String entry(String name, String commit) {
    byte[] content = content(name, commit);
    return "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"oid\":\"%s\"}"
        .formatted(name, content.length, digest(content));
  }

  private static String digest(byte[] content) {
    try {
      MessageDigest git = MessageDigest.getInstance("SHA-1");
      git.update(("blob " + content.length + "\0").getBytes(UTF_8));
      return HexFormat.of().formatHex(git.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] content(String name, String commit) {
    byte[] content = new byte[name.equals(WEIGHTS) ? LENGTH : 100];
    new Random(Long.parseLong(commit, 16)).nextBytes(content);
    return content;
  }

  /** Checks that the revision has all of its files, and that each content is what its name says. */
  static void requireSound(Path home, boolean finished) throws IOException {
    Path model = home.resolve("hub").resolve("models--org--model");
    Path ref = model.resolve("refs").resolve("main");
    if (Files.exists(ref)) {
      String commit = Files.readString(ref).strip();
      for (String name : new String[] {WEIGHTS, "config.json"}) {
        Path file = model.resolve("snapshots").resolve(commit).resolve(name);
        if (!Arrays.equals(Files.readAllBytes(file), content(name, commit))) {
          throw new IllegalStateException(file + " is not what it must be");
        }
      }
    } else if (finished) {
      throw new IllegalStateException(ref + " is gone");
    }
    if (!Files.isDirectory(model.resolve("blobs"))) {
      return;
    }
    try (var blobs = Files.list(model.resolve("blobs"))) {
      for (Path blob : (Iterable<Path>) blobs::iterator) {
        String name = blob.getFileName().toString();
        if (!name.endsWith(".incomplete") && !digest(Files.readAllBytes(blob)).equals(name)) {
          throw new IllegalStateException(blob + " is not what it must be");
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
