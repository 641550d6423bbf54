package org.xlstm4j.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xlstm4j.cli.serve.json.Fields;

/** What the pages of the server in {@code docs} and {@code /openapi.json} say of it is true. */
class ServerDocumentationTest {
  /** A comment at the end of a line tells the status, where it is not 200. */
  private static final Pattern STATUS = Pattern.compile("# ([0-9]{3}) ");

  private static final List<String> PAGES =
      List.of("server.md", "server-models.md", "howto/service.md");

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.of("xlstm-large-mini-q8", "vil-fashion", "tirex-mini", "lram-control");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<String> lines() throws IOException {
    Path models = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")));
    List<String> lines = new ArrayList<>();
    for (String page : PAGES) {
      Files.readString(models.resolve("../../docs").resolve(page))
          .lines()
          .map(String::strip)
          .filter(line -> line.startsWith("curl "))
          .forEach(lines::add);
    }
    return lines;
  }

  @Test
  void everyCurlLineGetsTheStatusThatThePageTells() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "no curl here");
    String address = "http://localhost:" + server.server.address().getPort();
    Path repository =
        Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained"))).resolve("../..");
    for (String line : lines()) {
      String command =
          line.replace("http://localhost:8080", address)
              .replaceFirst("^curl", "curl -sS -m 60 -w '\\\\n%{http_code}'");
      Process curl =
          new ProcessBuilder("sh", "-c", command)
              .directory(repository.toFile())
              .redirectErrorStream(true)
              .start();
      curl.getOutputStream().close();
      String output = new String(curl.getInputStream().readAllBytes(), UTF_8);
      assertEquals(0, curl.waitFor(), output);
      Matcher status = STATUS.matcher(line);
      String expected = status.find() ? status.group(1) : "200";
      assertTrue(output.endsWith("\n" + expected), line + "\n" + output);
    }
    assertEquals("", server.log());
  }

  @Test
  void everyPathIsInTheDescriptionAndOnAPage() throws Exception {
    Fields description = Fields.read(server.get("/openapi.json").body().getBytes(UTF_8));
    Fields paths = Objects.requireNonNull(description.objectOr("paths"));
    // the files of the page are no interface
    List<String> served =
        server.server.paths().stream()
            .filter(path -> !path.equals("/") && !path.startsWith("/page/"))
            .toList();
    for (String path : served) {
      assertTrue(paths.has(path), path + " is not in openapi.json");
    }
    paths.refuseOthers(); // nothing is there that is not served
    String page = String.join("\n", lines());
    assertEquals(
        List.of(),
        new TreeSet<>(served).stream().filter(path -> !page.contains("8080" + path)).toList());
  }
}
