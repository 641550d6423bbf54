import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Streams completions from a server with so many clients at a time, each one text after the other,
 * and prints tokens a second and the times to the first piece of text and between two pieces:
 *
 * <pre>java bench/serve/Load.java http://localhost:8080 CLIENTS SECONDS [TOKENS]</pre>
 */
final class Load {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI uri;
  private final String body;
  private final long end;
  private final ConcurrentLinkedQueue<Long> first = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Long> next = new ConcurrentLinkedQueue<>();
  private final AtomicLong texts = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  private Load(String server, int seconds, int tokens) {
    uri = URI.create(server + "/v1/completions");
    body =
        "{\"prompt\": \"It was a dark and stormy night\", \"stream\": true, \"max_tokens\": "
            + tokens
            + "}";
    end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
  }

  public static void main(String[] arguments) {
    int clients = Integer.parseInt(arguments[1]);
    int seconds = Integer.parseInt(arguments[2]);
    int tokens = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 64;
    Load load = new Load(arguments[0], seconds, tokens);
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        threads.execute(load::client);
      }
    }
    load.print(clients, (System.nanoTime() - start) * 1e-9);
  }

  private void client() {
    while (System.nanoTime() < end) {
      try {
        text();
      } catch (IOException e) {
        failed.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void text() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    long before = System.nanoTime();
    var response = CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      if (response.statusCode() == 503) {
        refused.incrementAndGet();
        Thread.sleep(100);
        return;
      }
      boolean begun = false;
      String last = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: {") && !line.contains("\"text\":\"\"")) {
          long now = System.nanoTime();
          (begun ? next : first).add(now - before);
          begun = true;
          before = now;
        }
        last = line.isEmpty() ? last : line;
      }
      (last.equals("data: [DONE]") ? texts : failed).incrementAndGet();
    }
  }

  private void print(int clients, double seconds) {
    System.out.printf(
        "%d clients: %d texts, %.0f pieces/s | first %s | next %s | 503: %d, failed: %d%n",
        clients,
        texts.get(),
        (first.size() + next.size()) / seconds,
        times(first),
        times(next),
        refused.get(),
        failed.get());
  }

  private static String times(ConcurrentLinkedQueue<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0
        ? "none"
        : String.format(
            "p50 %.1f p99 %.1f ms",
            sorted[sorted.length / 2] * 1e-6, sorted[(int) (sorted.length * 0.99)] * 1e-6);
  }
}
