package org.xlstm4j.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.cli.Outcome;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.embedding.EmbeddingModel;
import org.xlstm4j.models.embedding.EmbeddingOptions;

/** Vectors of series in OpenAI's shape. */
@Timeout(60)
class SeriesEmbeddingsTest {
  private static final String PATH = "/v1/embeddings";

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.of("tirex-mini");
  }

  @AfterAll
  static void end() {
    assertEquals("", server.log());
    server.close();
  }

  private static List<Fields> data(String body) throws Exception {
    HttpResponse<String> response = server.post(PATH, body);
    assertEquals(200, response.statusCode(), response.body());
    return Fields.read(response.body().getBytes(UTF_8), List.of("embedding")).objects("data");
  }

  @Test
  void givesTheModelsVectors() throws Exception {
    float[][] series = {{1, 2, Float.NaN, 4}, {9, 8, 7, 6}};
    float[] expected;
    try (EmbeddingModel model = EmbeddingModel.open(Outcome.pretrained("tirex-mini"))) {
      expected =
          model
              .embed(
                  List.<float[][]>of(new float[][] {series[0]}), EmbeddingOptions.PLAIN, Team.of(1))
              .getFirst();
    }
    List<Fields> data = data("{\"input\":[[1,2,null,4],[9,8,7,6,5]],\"model\":\"tirex-mini\"}");
    assertEquals(2, data.size());
    double[] found = (double[]) data.getFirst().value("embedding");
    assertEquals(expected.length, found.length);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected[i], found[i], 1e-5);
    }
    String text =
        data("{\"input\":[1,2,null,4],\"encoding_format\":\"base64\"}")
            .getFirst()
            .text("embedding");
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : expected) {
      assertEquals(value, bytes.getFloat());
    }
    double[] variates =
        (double[]) data("{\"input\":[[[1,2,null,4],[9,8,7,6]]]}").getFirst().value("embedding");
    assertEquals(2 * expected.length, variates.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"input":"a text"}                           | texts have no vectors
          {"input":["a","b"]}                          | input[0]: expected a list of numbers
          {"input":[[1,2],[]]}                         | input[1]: expected numbers
          {"input":[]}                                 | expected
          {"model":"tirex-mini"}                       | input is missing
          {"input":[1,2],"encoding_format":"hex"}      | neither float nor base64
          {"input":[1,2],"dimensions":16}              | is not supported
          {"input":[1,1e39]}                           | input:
          {"input":[[[1,2],[3]]]}                      | not of one length
          {"input":[[1,2],[[3,4],[5,6]]]}              | not of as many variates
          {"input":[1,2],"model":"none"}               | there is no model 'none'
          """)
  void refusesWhatHasNoVector(String body, String message) throws Exception {
    HttpResponse<String> response = server.post(PATH, body);
    assertEquals(body.contains("none") ? 404 : 400, response.statusCode(), response.body());
    assertTrue(response.body().contains(message), response.body());
  }
}
