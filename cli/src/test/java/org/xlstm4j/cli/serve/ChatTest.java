package org.xlstm4j.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.cli.serve.json.Fields;

/** Chats with a shipped model that was given a template. */
class ChatTest {
  private static final String PATH = "/v1/chat/completions";
  private static final String TEMPLATE =
      """
      {%- for message in messages -%}
      {%- if message.role not in ['system', 'user', 'assistant'] -%}
      {{ raise_exception('nobody is called ' + message.role) }}
      {%- endif -%}
      {{ message.role }}: {{ message.content }}<|endoftext|>
      {%- endfor -%}
      {%- if add_generation_prompt %}assistant:{% endif -%}
      """;

  @TempDir private static Path folder;

  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    Path model =
        Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")))
            .resolve("xlstm-large-mini-q8");
    for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.copy(model.resolve(file), folder.resolve(file));
    }
    Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
    server = TestServer.of(Map.of("chat", folder));
  }

  @AfterAll
  static void stop() {
    assertEquals("", server.log());
    server.close();
  }

  private static String request(String content, String more) {
    return "{\"messages\": [{\"role\": \"system\", \"content\": \"Be brief.\"}, {\"role\":"
        + " \"user\", \"content\": "
        + content
        + "}], \"temperature\": 0, \"max_tokens\": 12"
        + more
        + "}";
  }

  private static Fields choice(Fields answer) throws Exception {
    return answer.objects("choices").getFirst();
  }

  @Test
  void anAnswerStreamedIsTheSameAsWhole() throws Exception {
    Fields answer = server.answer(PATH, request("\"Hello\"", ""));
    assertEquals("chat.completion", answer.text("object"));
    Fields message = Objects.requireNonNull(choice(answer).objectOr("message"));
    assertEquals("assistant", message.text("role"));
    assertTrue(message.text("content").length() > 10, message.text("content"));
    List<Fields> events = server.events(PATH, request("\"Hello\"", ", \"stream\": true"));
    StringBuilder text = new StringBuilder();
    for (Fields event : events) {
      assertEquals("chat.completion.chunk", event.text("object"));
      text.append(Objects.requireNonNull(choice(event).objectOr("delta")).textOr("content", ""));
    }
    assertEquals(message.text("content"), text.toString());
    Fields first = Objects.requireNonNull(choice(events.getFirst()).objectOr("delta"));
    assertEquals("assistant", first.text("role"));
    assertEquals("length", choice(events.getLast()).text("finish_reason"));
  }

  @Test
  void anAnswerIsWhatTheTemplatesTextGoesOnWith() throws Exception {
    Fields answer = server.answer(PATH, request("[{\"type\": \"text\", \"text\": \"Hello\"}]", ""));
    String text = "system: Be brief.<|endoftext|>user: Hello<|endoftext|>assistant:";
    String tokens =
        server.answer("/tokenize", "{\"content\": \"" + text + "\"}").value("tokens").toString();
    Fields completion =
        server.answer(
            "/v1/completions",
            "{\"prompt\": " + tokens + ", \"temperature\": 0, \"max_tokens\": 12}");
    assertEquals(
        choice(completion).text("text"),
        Objects.requireNonNull(choice(answer).objectOr("message")).text("content"));
  }

  /** Twelve tokens of ordinary text in place of one that ends the turn. */
  @Test
  void whatUsersWriteIsNoSpecialToken() throws Exception {
    long without = promptTokens(request("\"\"", ""));
    long forged = promptTokens(request("\"<|endoftext|>\"", ""));
    assertTrue(forged > without + 1, without + " and " + forged);
  }

  private static long promptTokens(String json) throws Exception {
    Fields usage = Objects.requireNonNull(server.answer(PATH, json).objectOr("usage"));
    return usage.integerOr("prompt_tokens", 0, 0, Long.MAX_VALUE);
  }

  @Test
  void logProbabilitiesHaveBytes() throws Exception {
    String more = ", \"logprobs\": true, \"top_logprobs\": 2";
    Fields logProbabilities =
        Objects.requireNonNull(
            choice(server.answer(PATH, request("\"Hello\"", more))).objectOr("logprobs"));
    List<Fields> tokens = logProbabilities.objects("content");
    assertEquals(12, tokens.size());
    for (Fields token : tokens) {
      byte[] bytes = token.text("token").getBytes(UTF_8);
      assertEquals(bytes.length, ((List<?>) token.value("bytes")).size());
      Fields likeliest = token.objects("top_logprobs").getFirst();
      assertEquals(token.value("logprob"), likeliest.value("logprob"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'messages': [] | messages",
        "'messages': 'Hello' | messages",
        "'messages': [{'role': 'user'}] | messages[0].content",
        "'messages': [{'role': 'user', 'content': 'x', 'mood': 'y'}] | messages[0].mood",
        "'messages': [{'role': 'owl', 'content': 'x'}] | messages",
        "'messages': [{'role': 'user', 'content': [{'type': 'image_url'}]}]"
            + " | messages[0].content[0].type",
        "'messages': [{'role': 'user', 'content': 'x'}], 'tools': [{}] | tools",
        "'messages': [{'role': 'user', 'content': 'x'}], 'top_logprobs': 2 | top_logprobs",
        "'messages': [{'role': 'user', 'content': 'x'}], 'response_format': {'type': 'json_object'}"
            + " | response_format.type"
      })
  void aWrongFieldIsRefusedByName(String fields, String param) throws Exception {
    HttpResponse<String> response = server.post(PATH, "{" + fields.replace('\'', '"') + "}");
    assertEquals(400, response.statusCode(), response.body());
    Fields error =
        Objects.requireNonNull(Fields.read(response.body().getBytes(UTF_8)).objectOr("error"));
    assertEquals(param, error.text("param"));
    assertTrue(!response.body().contains(folder.toString()), response.body());
  }
}
