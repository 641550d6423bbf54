package example.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;

class ForecastServiceTest {
  private static final Path FOLDER = Path.of(System.getProperty("models"), "tirex-mini");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static ForecastModel model;
  private static ForecastService service;

  @BeforeAll
  static void start() throws IOException {
    model = ForecastModel.open(FOLDER);
    service =
        new ForecastService(model, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterAll
  static void stop() {
    service.close();
    model.close();
  }

  @Test
  void manyClientsGetTheForecastsOfTheLibrary() throws IOException {
    List<String> values =
        Files.readAllLines(FOLDER.resolve("sunspots_yearly.csv")).stream()
            .skip(1)
            .map(line -> line.split(",")[1])
            .toList();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int client = 0; client < 8; client++) {
      List<String> past = values.subList(client, values.size());
      answers.add(send("?horizon=5", String.join("\n", past)));
    }
    for (int client = 0; client < 8; client++) {
      HttpResponse<String> answer = answers.get(client).join();
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals(expected(values.subList(client, values.size())), rows(answer.body()));
    }
  }

  @Test
  void whatCannotBeForecastIsRefused() {
    assertEquals(400, send("?horizon=5", "1\n2\nthree").join().statusCode());
    assertEquals("line 3 is not a number\n", send("?horizon=5", "1\n2\nthree").join().body());
    assertEquals(400, send("?horizon=5", "").join().statusCode());
    assertEquals(400, send("?horizon=0", "1\n2").join().statusCode());
    assertEquals(400, send("", "1\n2").join().statusCode());
    assertEquals(400, send("?horizon=5", "1e38").join().statusCode());
    assertEquals(413, send("?horizon=5", "1\n".repeat(600_000)).join().statusCode());
  }

  private static CompletableFuture<HttpResponse<String>> send(String query, String body) {
    URI uri = URI.create("http://localhost:" + service.address().getPort() + "/forecast" + query);
    HttpRequest request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  private static List<String> expected(List<String> values) {
    float[] series = new float[values.size()];
    for (int i = 0; i < series.length; i++) {
      series[i] = Float.parseFloat(values.get(i));
    }
    Forecast forecast = model.forecast(List.of(series), 5, 1, Team.of(1)).getFirst();
    List<String> rows = new ArrayList<>();
    for (int step = 0; step < 5; step++) {
      StringBuilder row = new StringBuilder().append(step + 1);
      for (int level = 0; level < forecast.levels().size(); level++) {
        row.append(',').append(forecast.quantile(step, level));
      }
      rows.add(row.toString());
    }
    return rows;
  }

  private static List<String> rows(String table) {
    List<String> lines = table.lines().toList();
    assertTrue(lines.getFirst().startsWith("step,0.1,"), lines.getFirst());
    return lines.subList(1, lines.size());
  }
}
