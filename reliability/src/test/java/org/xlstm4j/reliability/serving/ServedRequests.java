package org.xlstm4j.reliability.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.reliability.folders.TemporaryFolder;

/** What clients send to a server that runs in this process, as long as it lives. */
public final class ServedRequests {
  /** Paths that take a body, and its type; the first byte of an input chooses. */
  private static final List<Target> BODIES =
      List.of(
          new Target("/v1/completions", "application/json"),
          new Target("/v1/chat/completions", "application/json"),
          new Target("/tokenize", "application/json"),
          new Target("/detokenize", "application/json"),
          new Target("/v1/forecasts", "application/json"),
          new Target("/v1/forecasts?horizon=4", "text/csv"),
          new Target("/v1/embeddings", "application/json"),
          new Target("/v1/classifications", "multipart/form-data; boundary=x"),
          new Target("/multivariate/forecast/quantiles", "application/json"));

  /** With which a robot begins. */
  static final String HANDSHAKE =
      """
      GET /v1/act?task=CartPole-v1 HTTP/1.1\r
      Host: localhost\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      \r
      """;

  private ServedRequests() {}

  private record Target(String path, String type) {}

  /** Started with the first request. */
  private static final class Running {
    static final SmallServer SERVER = start();

    private static SmallServer start() {
      try {
        return SmallServer.start(TemporaryFolder.ofProcess("served"), Team.of(1));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** All that a connection says, HTTP or not. */
  public static void http(byte[] sent) throws IOException {
    answered(sent, RawClient.Then.END);
  }

  /** A body for one of the endpoints, which the first byte names. */
  public static void body(byte[] input) throws IOException {
    int choice = input.length == 0 ? 0 : Math.floorMod(input[0] - '0', BODIES.size());
    Target target = BODIES.get(choice);
    int length = Math.max(0, input.length - 1);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        ("POST "
                + target.path
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                + target.type
                + "\r\nContent-Length: "
                + length
                + "\r\n\r\n")
            .getBytes(ISO_8859_1));
    request.write(input, input.length - length, length);
    if (answered(request.toByteArray(), RawClient.Then.WAIT) == 0) {
      throw new IllegalStateException(target.path + " did not answer");
    }
  }

  /** What a robot says behind the handshake. */
  public static void frames(byte[] sent) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(HANDSHAKE.getBytes(ISO_8859_1));
    all.writeBytes(sent);
    answered(all.toByteArray(), RawClient.Then.END);
  }

  private static int answered(byte[] sent, RawClient.Then then) throws IOException {
    byte[] answer = RawClient.ask(Running.SERVER.address(), sent, then);
    Running.SERVER.requireNoFailure();
    return Answers.check(answer);
  }
}
