package org.xlstm4j.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.TextPiece;

class CompletionsTest {
  private static final String PATH = "/v1/completions";
  private static final String NIGHT = "\"prompt\": \"It was a dark and stormy night\"";
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    assertEquals("", server.log());
    server.close();
  }

  private static Fields choice(Fields answer) throws Exception {
    return answer.objects("choices").getFirst();
  }

  /** What {@code generate} writes with the same options. */
  private static String generated(String prompt, long seed, int tokens) throws Exception {
    Path folder =
        Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")))
            .resolve("xlstm-large-mini-q8");
    try (LanguageModel model = LanguageModel.open(folder)) {
      TextGenerator generator = TextGenerator.of(model, folder);
      GenerationOptions options = generator.options().withSeed(seed).withMaxTokens(tokens);
      StringBuilder text = new StringBuilder();
      for (TextPiece piece : generator.stream(model.newSession(Team.of(1)), prompt, options)) {
        text.append(piece.text());
      }
      return text.toString();
    }
  }

  @Test
  void aTextGoesOnAsTheCommandWritesIt() throws Exception {
    Fields answer = server.answer(PATH, "{" + NIGHT + ", \"temperature\": 0, \"max_tokens\": 8}");
    assertEquals("text_completion", answer.text("object"));
    assertEquals("xlstm-large-mini-q8", answer.text("model"));
    assertTrue(answer.text("id").startsWith("cmpl-"));
    assertEquals(", and the rain was falling heavily.", choice(answer).text("text"));
    assertEquals("length", choice(answer).text("finish_reason"));
    Fields usage = answer.objectOr("usage");
    assertEquals(10L, usage.value("prompt_tokens"), "begin token and nine");
    assertEquals(8L, usage.value("completion_tokens"));
  }

  @Test
  void aSeedGivesTheCommandsTextAndEachChoiceASeedOfItsOwn() throws Exception {
    String json = "{\"prompt\": \"Once upon a time\", \"seed\": 5, \"max_tokens\": 24, \"n\": 3}";
    List<Fields> choices = server.answer(PATH, json).objects("choices");
    for (int i = 0; i < 3; i++) {
      assertEquals((long) i, choices.get(i).value("index"));
      assertEquals(generated("Once upon a time", 5 + i, 24), choices.get(i).text("text"));
    }
  }

  @Test
  void aStreamHasTheSameTextPieceByPiece() throws Exception {
    String fields = "\"prompt\": [\"Once upon a time\", \"The\"], \"seed\": 7, \"max_tokens\": 16";
    List<Fields> whole = server.answer(PATH, "{" + fields + "}").objects("choices");
    List<Fields> events =
        server.events(
            PATH,
            "{" + fields + ", \"stream\": true, \"stream_options\": {\"include_usage\": true}}");
    Fields last = events.removeLast();
    assertEquals(0, last.objects("choices").size());
    assertEquals(32L, last.objectOr("usage").value("completion_tokens"));
    for (int i = 0; i < 2; i++) {
      long index = i;
      StringBuilder text = new StringBuilder();
      String reason = "";
      for (Fields event : events) {
        if (choice(event).value("index").equals(index)) {
          assertEquals("", reason, "nothing comes behind the end");
          text.append(choice(event).text("text"));
          reason = choice(event).textOr("finish_reason", "");
        }
      }
      assertEquals("length", reason);
      assertEquals(whole.get(i).text("text"), text.toString());
    }
    assertTrue(events.size() > 20, "a piece at a time");
  }

  @Test
  void aStopEndsTheTextAndIsNoPartOfIt() throws Exception {
    String json = "{" + NIGHT + ", \"temperature\": 0, \"stop\": [\"xyz\", \" falling\"]}";
    Fields answer = server.answer(PATH, json);
    assertEquals(", and the rain was", choice(answer).text("text"));
    assertEquals("stop", choice(answer).text("finish_reason"));
    String streamed =
        server.events(PATH, json.replace("}", ", \"stream\": true}")).stream()
            .map(event -> piece(event))
            .collect(Collectors.joining());
    assertEquals(", and the rain was", streamed);
  }

  private static String piece(Fields event) {
    try {
      return choice(event).text("text");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void logProbabilitiesNameTheTokens() throws Exception {
    Fields answer =
        server.answer(
            PATH, "{" + NIGHT + ", \"temperature\": 0, \"max_tokens\": 3, \"logprobs\": 2}");
    Fields logProbabilities = choice(answer).objectOr("logprobs");
    assertEquals(List.of(",", " and", " the"), logProbabilities.value("tokens"));
    assertEquals(List.of(0L, 1L, 5L), logProbabilities.value("text_offset"));
    List<?> chosen = (List<?>) logProbabilities.value("token_logprobs");
    List<Fields> top = logProbabilities.objects("top_logprobs");
    for (int i = 0; i < 3; i++) {
      double most = (Double) chosen.get(i);
      assertTrue(most < 0 && most > -2, "the likeliest");
      String token = (String) ((List<?>) logProbabilities.value("tokens")).get(i);
      assertEquals(most, top.get(i).value(token));
    }
  }

  @Test
  void tokensCanBeThePromptAndEchoRepeatsIt() throws Exception {
    Fields tokens =
        server.answer(
            "/tokenize",
            "{\"content\": \"It was a dark and stormy night\", \"add_special\": true}");
    String ids = tokens.value("tokens").toString();
    Fields answer =
        server.answer(
            PATH,
            "{\"prompt\": " + ids + ", \"temperature\": 0, \"max_tokens\": 2, \"echo\": true}");
    assertEquals("It was a dark and stormy night, and", choice(answer).text("text"));
  }

  @Test
  void tokensAndTextsAreTheSame() throws Exception {
    Fields tokens = server.answer("/tokenize", "{\"content\": \"Hëllo\", \"with_pieces\": true}");
    String pieces =
        tokens.objects("tokens").stream()
            .map(token -> Objects.toString(token.value("id")))
            .collect(Collectors.joining(","));
    Fields text = server.answer("/detokenize", "{\"tokens\": [" + pieces + "]}");
    assertEquals("Hëllo", text.text("content"));
    assertEquals((long) tokens.objects("tokens").size(), tokens.value("count"));
  }

  /** What is not supported is refused by its name, and what changes nothing is not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'prompt': 'x', 'frequency_penalty': 0.5 | frequency_penalty",
        "'prompt': 'x', 'logit_bias': {'5': 1} | logit_bias",
        "'prompt': 'x', 'best_of': 3 | best_of",
        "'prompt': 'x', 'suffix': 'y' | suffix",
        "'prompt': 'x', 'grammar': 'y' | grammar",
        "'prompt': 5 | prompt",
        "'prompt': [[1, 99999999]] | prompt",
        "'prompt': [] | prompt",
        "'prompt': 'x', 'max_tokens': -1 | max_tokens",
        "'prompt': 'x', 'max_tokens': 1.5 | max_tokens",
        "'prompt': 'x', 'temperature': -1 | temperature",
        "'prompt': 'x', 'temperature': 'hot' | temperature",
        "'prompt': 'x', 'n': 1000 | n",
        "'prompt': 'x', 'stream': 1 | stream",
        "'prompt': 'x', 'stream_options': {'a': 1} | stream_options.a",
        "'prompt': 'x', 'logprobs': 21 | logprobs",
        "'prompt': 'x', 'model': 'gpt-4' | model"
      })
  void aWrongFieldIsRefusedByName(String fields, String param) throws Exception {
    HttpResponse<String> response = server.post(PATH, "{" + fields.replace('\'', '"') + "}");
    assertEquals(param.equals("model") ? 404 : 400, response.statusCode());
    Fields error = Fields.read(response.body().getBytes(UTF_8)).objectOr("error");
    assertEquals(param, error.text("param"));
    assertEquals("invalid_request_error", error.text("type"));
    assertTrue(error.text("message").contains(param), error.text("message"));
  }

  @Test
  void aFieldThatChangesNothingIsTaken() throws Exception {
    String json =
        "{\"prompt\": \"x\", \"max_tokens\": 1, \"frequency_penalty\": 0, \"presence_penalty\":"
            + " 0.0, \"logit_bias\": {}, \"best_of\": 1, \"suffix\": null, \"user\": \"me\","
            + " \"top_k\": 5, \"min_p\": 0.1, \"repeat_penalty\": 1.1, \"n\": 1.0}";
    assertEquals(1, server.answer(PATH, json).objects("choices").size());
  }

  @Test
  void aModelWithoutATemplateIsNoChatModel() throws Exception {
    HttpResponse<String> response =
        server.post(
            "/v1/chat/completions",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}");
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("no chat model"), response.body());
    assertTrue(response.body().contains("/v1/completions"), response.body());
  }

  @Test
  void aWrongPathOrMethodIsNamed() throws Exception {
    assertEquals(404, server.get("/v1/nowhere").statusCode());
    HttpResponse<String> response = server.get(PATH);
    assertEquals(405, response.statusCode());
    assertEquals("POST", response.headers().firstValue("Allow").orElse(""));
  }

  @Test
  void anotherKindOfModelIsNamed() throws Exception {
    try (TestServer several = TestServer.of("lram-control", "xlstm-large-mini-q8")) {
      String models = several.get("/v1/models").body();
      assertTrue(models.contains("\"id\":\"lram-control\""), models);
      assertTrue(models.contains("\"capabilities\":[\"act\"]"), models);
      HttpResponse<String> response =
          several.post(PATH, "{\"model\": \"lram-control\", \"prompt\": \"x\"}");
      assertEquals(400, response.statusCode());
      assertTrue(response.body().contains("xlstm-large-mini-q8"), response.body());
      assertFalse(
          several.answer(PATH, "{\"prompt\": \"x\", \"max_tokens\": 1}").text("model").isEmpty());
    }
  }
}
