package org.xlstm4j.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.cli.Outcome;
import org.xlstm4j.cli.serve.http.HttpLimits;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.language.TextLimits;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;

/** Forecasts over HTTP: the model's own numbers, and refusals that name what is wrong. */
@Timeout(60)
class ForecastsTest {
  private static final List<String> NUMBERS =
      List.of("mean", "quantiles", "quantile_levels", "history");

  private static final Path CO2 = Outcome.pretrained("tirex-mini/co2_weekly.csv");

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.of("tirex-mini");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @AfterEach
  void hasNotFailed() {
    assertEquals("", server.log());
  }

  private static HttpResponse<String> send(String path, String type, String body)
      throws IOException, InterruptedException {
    return server.send(
        server
            .request(path)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private static Fields json(String body) throws Exception {
    return fields(send("/v1/forecasts", "application/json", body));
  }

  private static Fields fields(HttpResponse<String> response) throws Exception {
    assertEquals(200, response.statusCode(), response.body());
    return Fields.read(response.body().getBytes(UTF_8), NUMBERS);
  }

  private static String wave(int length, double period) {
    return IntStream.range(0, length)
        .mapToObj(i -> i % 17 == 5 ? "null" : String.valueOf((float) Math.sin(i / period)))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static float[] values(int length, double period) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i % 17 == 5 ? Float.NaN : (float) Math.sin(i / period);
    }
    return values;
  }

  /** The model's forecasts of several series together. */
  private static List<Forecast> expected(int horizon, float[]... series) throws IOException {
    try (ForecastModel model = ForecastModel.open(Outcome.pretrained("tirex-mini"))) {
      return model.forecast(List.of(series), horizon, 1, Team.of(1));
    }
  }

  private static void assertMean(Forecast expected, Object found) {
    double[] mean = (double[]) found;
    float[] median = expected.median();
    assertEquals(median.length, mean.length);
    for (int i = 0; i < mean.length; i++) {
      assertEquals(median[i], mean[i], 1e-5);
    }
  }

  private static String list(Forecast forecast) {
    return "[" + forecast.median()[0] + "," + forecast.median()[1] + "]";
  }

  @Test
  void givesTheModelsNumbers() throws Exception {
    Fields answer =
        json(
            "{\"context\":["
                + wave(100, 4)
                + ","
                + wave(70, 9)
                + "],\"horizon\":40,"
                + "\"quantile_levels\":[0.25,0.5,0.9],\"model\":\"tirex-mini\"}");
    assertEquals("tirex-mini", answer.text("model"));
    assertArrayEquals(new double[] {0.25, 0.5, 0.9}, (double[]) answer.value("quantile_levels"));
    Fields second = answer.objects("data").get(1);
    Forecast expected = expected(40, values(100, 4), values(70, 9)).get(1);
    assertMean(expected, second.value("mean"));
    List<?> quantiles = (List<?>) second.value("quantiles");
    assertEquals(3, quantiles.size());
    double[] quarter = (double[]) quantiles.get(0);
    float between = (expected.quantile(7, 1) + expected.quantile(7, 2)) / 2;
    assertEquals(between, quarter[7], 1e-5);
    assertEquals(expected.quantile(7, 8), ((double[]) quantiles.get(2))[7], 1e-5);
  }

  @Test
  void takesColumnsOfSeparatedValues() throws Exception {
    HttpResponse<String> response =
        send(
            "/v1/forecasts?column=co2&horizon=3&history=2",
            "text/csv; charset=utf-8",
            Files.readString(CO2));
    assertTrue(
        response.headers().firstValue("Server-Timing").orElse("").matches("model;dur=[0-9.]+"));
    Fields answer = fields(response);
    assertEquals(List.of("2002-01-05", "2002-01-12", "2002-01-19"), answer.value("times"));
    assertEquals(List.of("2001-12-22", "2001-12-29"), answer.value("history_times"));
    Fields co2 = answer.objects("data").getFirst();
    assertEquals("co2", co2.text("name"));
    assertArrayEquals(new double[] {371.3, 371.5}, (double[]) co2.value("history"));
    String direct =
        Outcome.of("forecast", CO2.toString(), "--column", "co2", "--horizon", "3").out();
    String table =
        server
            .send(
                server
                    .request("/v1/forecasts?column=co2&horizon=3")
                    .header("Content-Type", "text/csv")
                    .header("Accept", "text/csv")
                    .POST(BodyPublishers.ofFile(CO2))
                    .build())
            .body();
    assertEquals(direct, table);
  }

  @Test
  void answersAsTheTirexContainerDoes() throws Exception {
    String single = "{\"context\":[" + wave(64, 5) + "],\"prediction_length\":2}";
    Forecast expected = expected(2, values(64, 5)).getFirst();
    assertEquals(
        "[" + list(expected) + "]",
        send("/univariate/forecast/mean", "application/json", single).body());
    String quantiles = send("/univariate/forecast/quantiles", "application/json", single).body();
    assertTrue(quantiles.startsWith("[[[" + expected.quantile(0, 0) + ","), quantiles);
    String group =
        "{\"context\":[{\"target\":["
            + wave(64, 5)
            + ","
            + wave(64, 7)
            + "]}],"
            + "\"prediction_length\":2}";
    String variates = send("/multivariate/forecast/mean", "application/json", group).body();
    List<Forecast> both = expected(2, values(64, 5), values(64, 7));
    assertEquals("[[" + list(both.get(0)) + "," + list(both.get(1)) + "]]", variates);
    HttpResponse<String> wrong = send("/univariate/forecast/mean", "application/json", group);
    assertEquals(400, wrong.statusCode());
  }

  @Test
  void takesThousandsOfSeries() throws Exception {
    String all =
        IntStream.range(0, 2000)
            .mapToObj(i -> wave(40, 3 + i % 10))
            .collect(Collectors.joining(","));
    Fields answer = json("{\"context\":[" + all + "],\"horizon\":4}");
    List<Fields> data = answer.objects("data");
    assertEquals(2000, data.size());
    assertMean(expected(4, values(40, 12)).getFirst(), data.get(1999).value("mean"));
  }

  /** A request that is refused with 400 and a message that says this. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"context":[[1,NaN,3]]}                        | no JSON
          {"context":[[1,"2",3]]}                        | value 1 of a list of numbers is none
          {"context":[["a"]]}                            | context[0]: expected a list of numbers
          {"context":[1,2,3]}                            | expected a list of series
          {"context":[[]]}                               | context[0]: expected a list of numbers
          {"context":[]}                                 | expected a list of series
          {"context":[[null,null]]}                      | context[0] holds no value
          {"context":[[1,1e400,2]]}                      | context[0]: value 1 is
          {"context":[[1,1e31,2]]}                       | expected at most 1.0E30
          {"context":[[1,2]],"horizon":100000000}        | horizon is 100000000, expected
          {"context":[[1,2]],"horizon":0}                | horizon is 0
          {"context":[[1,2]],"horizon":2.5}              | horizon is 2.5
          {"context":[[1,2]],"horizon":"12"}             | horizon is '12'
          {"context":[[1,2]],"horizon":1,"prediction_length":1} | two names
          {"context":[[1,2]],"quantile_levels":[0.5,1.5]} | quantile_levels: a level of 1.5
          {"context":[[1,2]],"quantile_levels":"all"}    | at most 99 numbers
          {"context":[[1,2]],"horizons":3}               | is not supported
          {"context":[{"target":[[1,2],[1]]}]}           | context[0].target: target 1 has 1 values
          {"context":[{"targets":[[1,2]]}]}              | is not supported
          {"context":[{"target":[[1,2]],"past_covariates":[[1,2]]}]} | without covariates
          {"context":[[1,2],{"target":[[1,2]]}]}         | context[1]: expected a list of numbers
          {"context":[[[1,2]]]}                          | context[0]: expected a list of numbers
          {"horizon":3}                                  | context is missing
          [1,2]                                          | no JSON object
          """)
  void refusesWhatItCannotForecast(String body, String message) throws Exception {
    HttpResponse<String> response = send("/v1/forecasts", "application/json", body);
    assertEquals(400, response.statusCode(), response.body());
    assertTrue(response.body().contains(message), response.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          horizon=3                    | 400 | column is missing
          column=a                     | 400 | horizon is missing
          column=b&horizon=3           | 400 | no column 'b'
          column=a&horizon=3&colour=1  | 400 | colour is not supported
          column=a&horizon=1e9         | 400 | horizon is '1e9'
          column=a&horizon=3&history=-1 | 400 | history is '-1'
          column=a&horizon=3&quantiles=2 | 400 | quantiles is '2'
          column=a&horizon=3&time=a&no-time | 400 | exclude each other
          column=a&horizon=3&separator=9 | 400 | separator
          column=a&horizon=3           | 400 | line 3
          column=%FF&horizon=3         | 400 | not encoded
          """)
  void refusesSeparatedValuesThatItCannotRead(String query, int status, String message)
      throws Exception {
    HttpResponse<String> response = send("/v1/forecasts?" + query, "text/csv", "a\n1\nx\n");
    assertEquals(status, response.statusCode(), response.body());
    assertTrue(response.body().contains(message), response.body());
  }

  @Test
  void refusesTimesThatSpanMoreThanThereIsRoomFor() throws Exception {
    String seconds =
        """
        t,v
        2020-01-01T00:00:00,1
        2020-01-01T00:00:01,2
        2020-01-01T00:00:02,3
        2023-01-01T00:00:00,4
        """;
    HttpResponse<String> response = send("/v1/forecasts?column=v&horizon=3", "text/csv", seconds);
    assertEquals(400, response.statusCode(), response.body());
    assertTrue(response.body().contains("the body, line 5: more than 4194304 steps"));
  }

  @Test
  void refusesAnswersThatAreTooLargeAndTypesThatItDoesNotKnow() throws Exception {
    String all = IntStream.range(0, 4000).mapToObj(i -> "[1,2]").collect(Collectors.joining(","));
    HttpResponse<String> large =
        send("/v1/forecasts", "application/json", "{\"context\":[" + all + "],\"horizon\":10000}");
    assertEquals(400, large.statusCode());
    assertTrue(large.body().contains("are more than 4194304 numbers"), large.body());
    assertEquals(415, send("/v1/forecasts", "text/plain", "a\n1\n").statusCode());
    String other = "/v1/forecasts?column=a&horizon=1&model=none";
    assertEquals(404, send(other, "text/csv", "a\n1\n").statusCode());
  }

  /** Asks for more than can be computed while a test runs. */
  private static void askForMuch(Socket socket) throws IOException {
    String all = IntStream.range(0, 40).mapToObj(i -> "[1,2]").collect(Collectors.joining(","));
    String body = "{\"context\":[" + all + "],\"horizon\":10000}";
    String head = "POST /v1/forecasts HTTP/1.1\r\nHost: localhost\r\nContent-Length: ";
    socket.getOutputStream().write((head + body.length() + "\r\n\r\n" + body).getBytes(UTF_8));
  }

  @Test
  void endsWhatNobodyWaitsFor() throws Exception {
    try (Socket socket = server.connect()) {
      askForMuch(socket);
      server.await("xlstm_compute_running", 1);
    }
    server.await("xlstm_compute_running", 0);
  }

  @Test
  void refusesMoreThanCanWait() throws Exception {
    TextLimits limits = new TextLimits(2, 0, 1000, TestServer.TEXTS.states());
    try (TestServer busy =
        TestServer.start(TestServer.OPEN, HttpLimits.usual(), limits, "tirex-mini")) {
      try (Socket first = busy.connect();
          Socket second = busy.connect()) {
        askForMuch(first);
        askForMuch(second);
        busy.await("xlstm_compute_running", 2);
        HttpResponse<String> third = busy.post("/v1/forecasts", "{\"context\":[[1,2]]}");
        assertEquals(503, third.statusCode(), third.body());
        assertEquals("1", third.headers().firstValue("Retry-After").orElse(""));
      }
      busy.await("xlstm_compute_running", 0);
      assertEquals(200, busy.post("/v1/forecasts", "{\"context\":[[1,2]]}").statusCode());
    }
  }
}
