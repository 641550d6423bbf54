package org.xlstm4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page's files: all there, nothing from elsewhere, nothing that its own policy forbids. */
@Timeout(60)
class PageTest {
  private static final Pattern REFERENCE =
      Pattern.compile("(?:src|href)=\"(/page/[^\"]+)\"|from \"\\./([^\"]+)\"");

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.of("vil-fashion", "tirex-mini");
  }

  @AfterAll
  static void end() {
    assertEquals("", server.log());
    server.close();
  }

  @Test
  void consistsOfFilesOfTheServer() throws Exception {
    Set<String> seen = new TreeSet<>();
    visit("/", seen);
    assertTrue(seen.size() > 8, seen.toString());
  }

  private static void visit(String path, Set<String> seen) throws Exception {
    if (!seen.add(path)) {
      return;
    }
    HttpResponse<String> file = server.get(path);
    assertEquals(200, file.statusCode(), path);
    String policy = file.headers().firstValue("Content-Security-Policy").orElse("");
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), path);
    assertFalse(policy.contains("unsafe"), policy);
    assertEquals("nosniff", file.headers().firstValue("X-Content-Type-Options").orElse(""));
    String text = file.body().replace("http://www.w3.org/2000/svg", "");
    assertFalse(text.contains("http://") || text.contains("https://"), path);
    assertFalse(text.contains(" style=") || text.contains(" onclick="), path);
    assertFalse(text.contains("innerHTML") || text.contains("eval("), path);
    Matcher references = REFERENCE.matcher(text);
    while (references.find()) {
      visit(
          references.group(1) == null ? "/page/" + references.group(2) : references.group(1), seen);
    }
  }

  @Test
  void offersTheSamplesOfTheModels() throws Exception {
    String samples = server.get("/page/samples").body();
    assertTrue(
        samples.contains("{\"name\":\"co2_weekly.csv\",\"url\":\"/page/samples/co2_weekly.csv\"}"));
    assertTrue(server.get("/page/samples/co2_weekly.csv").body().startsWith("date,co2"));
    Matcher picture = Pattern.compile("/page/samples/[0-9]+\\.png").matcher(samples);
    assertTrue(picture.find());
    HttpResponse<String> file = server.get(picture.group());
    assertEquals("image/png", file.headers().firstValue("Content-Type").orElse(""));
    for (String path :
        new String[] {"config.json", "..%2fconfig.json", "../../etc/passwd", "model.ckpt"}) {
      assertTrue(server.get("/page/samples/" + path).statusCode() >= 400, path);
    }
  }

  /** A folder from a stranger may have links to files that are not the model's. */
  @Test
  void offersNothingThatLinksLeadTo(@TempDir Path temporary) throws Exception {
    Path model = Path.of(System.getProperty("xlstm4j.pretrained", "")).resolve("tirex-mini");
    Path folder = Files.createDirectory(temporary.resolve("model"));
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.createSymbolicLink(folder.resolve(name), model.resolve(name));
    }
    Files.writeString(folder.resolve("own.csv"), "v\n1\n");
    Path key = Files.writeString(temporary.resolve("key"), "secret");
    Files.createSymbolicLink(folder.resolve("key.csv"), key);
    try (TestServer strange = TestServer.of(Map.of("strange", folder))) {
      assertFalse(strange.get("/page/samples").body().contains("key"));
      assertEquals(404, strange.get("/page/samples/key.csv").statusCode());
      assertEquals("v\n1\n", strange.get("/page/samples/own.csv").body());
    }
  }
}
