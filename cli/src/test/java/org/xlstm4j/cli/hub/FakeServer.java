package org.xlstm4j.cli.hub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web server of bad manners, where a test wants them: one request a connection. */
final class FakeServer implements AutoCloseable {
  /** What a client asked; the names of headers are in lower case. */
  record Request(String path, Map<String, String> headers) {
    /** The first byte that is wanted. */
    int from() {
      String range = headers.getOrDefault("range", "bytes=0-");
      return Integer.parseInt(range.substring(6, range.length() - 1));
    }
  }

  /**
   * What is sent.
   *
   * @param announced the length that the headers tell, or -1 for none
   * @param pauseMillis between pieces of 8 kB
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Response(
      int status, Map<String, String> headers, byte[] body, int announced, int pauseMillis) {
    static Response of(int status, byte[] body, String... headers) {
      Map<String, String> map = new TreeMap<>();
      for (int i = 0; i < headers.length; i += 2) {
        map.put(headers[i], headers[i + 1]);
      }
      return new Response(status, map, body, body.length, 0);
    }

    static Response of(int status, String body, String... headers) {
      return of(status, body.getBytes(UTF_8), headers);
    }

    /** The same, cut off after some bytes of the body. */
    Response cutAfter(int bytes) {
      byte[] start = Arrays.copyOf(body, Math.min(bytes, body.length));
      return new Response(status, headers, start, announced, pauseMillis);
    }

    Response announcing(int length) {
      return new Response(status, headers, body, length, pauseMillis);
    }

    Response slowly(int millis) {
      return new Response(status, headers, body, announced, millis);
    }
  }

  /** Decides what is sent. */
  interface Handler {
    Response answer(Request request);
  }

  private static final int PIECE = 8192;

  private final ServerSocket socket;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Handler handler;

  FakeServer(Handler handler) {
    this.handler = handler;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().start(this::accept);
  }

  void handle(Handler other) {
    handler = other;
  }

  String address() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  int port() {
    return socket.getLocalPort();
  }

  /** All requests so far. */
  List<Request> requests() {
    return requests;
  }

  /** The requests whose path ends so. */
  List<Request> requests(String end) {
    return requests.stream().filter(request -> request.path().endsWith(end)).toList();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Thread.ofPlatform().daemon().start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
      String first = in.readLine();
      if (first == null) {
        return;
      }
      Map<String, String> headers = new TreeMap<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      Request request = new Request(first.split(" ", -1)[1], headers);
      requests.add(request);
      send(handler.answer(request), client.getOutputStream());
    } catch (IOException | InterruptedException e) {
      return; // the client has gone
    }
  }

  private static void send(Response response, OutputStream out)
      throws IOException, InterruptedException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + response.status() + " x\r\n");
    response.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (response.announced() >= 0) {
      head.append("Content-Length: " + response.announced() + "\r\n");
    }
    head.append("Connection: close\r\n\r\n");
    out.write(head.toString().getBytes(ISO_8859_1));
    byte[] body = response.body();
    for (int at = 0; at < body.length; at += PIECE) {
      out.write(body, at, Math.min(PIECE, body.length - at));
      out.flush();
      if (response.pauseMillis() > 0) {
        Thread.sleep(response.pauseMillis());
      }
    }
    out.flush();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
