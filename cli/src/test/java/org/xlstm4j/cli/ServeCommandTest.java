package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Tag("slow")
class ServeCommandTest {
  private static final Pattern ADDRESS =
      Pattern.compile("xlstm serve: (http://[^,]+), models (.*)");

  @Test
  void anAddressThatOthersReachNeedsAKey() {
    Outcome.of("serve", "--host", "0.0.0.0").assertWrongUsage("--host", "--api-key", "--insecure");
    Outcome.of("serve", "--api-key", " ").assertWrongUsage("--api-key", "empty");
  }

  @Test
  void wrongNumbersAndNamesAreNamed() {
    Outcome.of("serve", "--port", "70000").assertWrongUsage("--port is 70000", "65535");
    Outcome.of("serve", "--grace", "600").assertWrongUsage("--grace is 600");
    Outcome.of("serve", "--parallel", "0").assertWrongUsage("--parallel is 0");
    Outcome.of("serve", "-m", "a=xlstm-lm", "-m", "a=tirex-mini").assertWrongUsage("called a");
    Outcome.of("serve", "-m", "nothing").assertFailed("nothing");
  }

  @Test
  void aPortThatIsTakenIsOneLine() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());
      Outcome.of("serve", "-m", "lram-control", "--port", port).assertFailed(port, "in use");
    }
  }

  /** The text that is being generated comes to its end, and then the process does. */
  @Test
  @Timeout(60)
  @EnabledOnOs(OS.LINUX)
  void aSignalEndsTheServerBehindWhatIsInFlight() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dxlstm4j.pretrained=" + System.getProperty("xlstm4j.pretrained")));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "org.xlstm4j.cli.Main", "serve"));
    command.addAll(List.of("-m", "tale=xlstm-large-mini-q8", "--port", "0"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("XLSTM_API_KEY", "one,two");
    Process process = builder.start();
    try (BufferedReader err =
            new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
        HttpClient client = HttpClient.newHttpClient()) {
      Matcher address = ADDRESS.matcher("");
      while (!address.reset(err.readLine()).matches()) {
        // the JVM's own notices
      }
      assertEquals("tale", address.group(2));
      URI uri = URI.create(address.group(1) + "/v1/completions");
      String json = "{\"prompt\": \"x\", \"max_tokens\": 400, \"stream\": true}";
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer two")
              .POST(HttpRequest.BodyPublishers.ofString(json))
              .build();
      CompletableFuture<HttpResponse<Stream<String>>> answer =
          client.sendAsync(request, HttpResponse.BodyHandlers.ofLines());
      HttpResponse<Stream<String>> begun = answer.get(30, TimeUnit.SECONDS);
      assertEquals(200, begun.statusCode());
      process.toHandle().destroy(); // the other one closes the streams too
      List<String> lines = begun.body().filter(line -> !line.isEmpty()).toList();
      assertEquals("data: [DONE]", lines.getLast());
      assertTrue(lines.get(lines.size() - 2).contains("\"finish_reason\":\"length\""));
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      assertEquals(143, process.exitValue());
      assertEquals("xlstm serve: ending, waits for requests in flight", err.readLine());
    } finally {
      process.destroyForcibly();
    }
  }
}
