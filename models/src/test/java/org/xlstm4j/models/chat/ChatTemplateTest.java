package org.xlstm4j.models.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import org.xlstm4j.models.language.ModelTokenizer;
import org.xlstm4j.models.language.SpecialTokens;

class ChatTemplateTest {
  static final List<String> TEMPLATES =
      List.of(
          "chatml",
          "chatml-default-system",
          "chatml-tools",
          "generation-marks",
          "headers",
          "instruct-namespace",
          "instruct-tags",
          "loops",
          "modes",
          "plain-roles",
          "role-built",
          "role-lines",
          "role-tags",
          "sections",
          "thinking",
          "turns",
          "turns-prefixed",
          "whitespace");

  /** The special tokens of the templates, the ids behind those of the bytes. */
  private static final List<String> MARKS =
      List.of(
          "<s>",
          "</s>",
          "<|im_start|>",
          "<|im_end|>",
          "<|eot_id|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "[ASK]",
          "[/ASK]",
          "<<RULES>>",
          "<|begin|>",
          "<|user|>",
          "<|assistant|>",
          "<|person|>",
          "<|model|>",
          "<|end|>",
          "<turn>",
          "</turn>");

  private static final Clock DAY =
      Clock.fixed(Instant.parse("2024-07-26T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  private ChatTemplate template(String source) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\", \"lstrip\": false}}");
    Files.writeString(folder.resolve(ChatTemplate.FILE_NAME), source);
    return ChatTemplate.find(folder).orElseThrow().withClock(DAY);
  }

  private static List<ChatMessage> messages(Config fixture) throws IOException {
    List<ChatMessage> messages = new ArrayList<>();
    for (Config message : fixture.children("messages")) {
      messages.add(new ChatMessage(message.text("role"), message.text("content")));
    }
    return messages;
  }

  @ParameterizedTest
  @FieldSource("TEMPLATES")
  void conversationsAreRenderedAsInTheOriginal(String name) throws IOException {
    ChatTemplate template = template(ChatFixtures.text("templates/" + name + ".jinja"));
    List<Config> cases = ChatFixtures.json("rendered/" + name + ".json").children("cases");
    assertEquals(24, cases.size());
    for (Config one : cases) {
      List<ChatMessage> messages = messages(one);
      boolean prompt = one.bool("prompt");
      if (one.isNull("text")) {
        assertThrows(
            ChatTemplateException.class, () -> template.render(messages, prompt), one.toJson());
      } else {
        assertEquals(one.text("text"), template.render(messages, prompt).text(), one.toJson());
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TEMPLATES")
  void longConversationsFitTheBudget(String name) throws IOException {
    ChatTemplate template = template(ChatFixtures.text("templates/" + name + ".jinja"));
    List<ChatMessage> messages = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      messages.add(ChatMessage.user("question " + i));
      messages.add(ChatMessage.assistant("answer " + i));
    }
    messages.add(ChatMessage.user("the last question"));
    assertTrue(template.render(messages, true).text().contains("the last question"));
  }

  /** A tokenizer of letters and marks. */
  private ModelTokenizer tokenizer() throws IOException {
    StringBuilder added = new StringBuilder();
    StringBuilder letters = new StringBuilder();
    for (char c = '!'; c <= '~'; c++) {
      String quoted = c == '"' || c == '\\' ? "\\" + c : "" + c;
      letters.append(c == '!' ? "" : ", ").append("\"%s\": %d".formatted(quoted, c - '!'));
    }
    int first = '~' - '!' + 1;
    letters.append(", \"\u0120\": %d, \"\u010a\": %d".formatted(first, first + 1));
    first += 2;
    for (int i = 0; i < MARKS.size(); i++) {
      added
          .append(i == 0 ? "" : ", ")
          .append(
              """
              {"id": %d, "content": "%s", "special": %b, "single_word": false, "lstrip": false,
               "rstrip": false, "normalized": %b}\
              """
                  .formatted(first + i, MARKS.get(i), i % 3 > 0, i % 2 > 0));
    }
    Files.writeString(
        folder.resolve(Tokenizer.FILE_NAME),
        """
        {"version": "1.0", "truncation": {"max_length": 512}, "padding": {"strategy": "Fixed"},
         "added_tokens": [%s], "normalizer": {"type": "NFC"},
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
         "decoder": {"type": "ByteLevel", "add_prefix_space": false},
         "model": {"type": "BPE", "vocab": {%s}, "merges": []}}
        """
            .formatted(added, letters));
    Tokenizer tokenizer = Tokenizer.read(folder);
    return new ModelTokenizer(
        folder, tokenizer, new SpecialTokens(List.of(first), Set.of()), tokenizer.vocabularySize());
  }

  private static List<Integer> marks(int[] ids, ModelTokenizer tokenizer) {
    return Arrays.stream(ids).filter(id -> tokenizer.tokenizer().isAdded(id)).boxed().toList();
  }

  private static List<String> hostileTexts() {
    List<String> texts = new ArrayList<>();
    for (String mark : MARKS) {
      texts.add(mark);
      texts.add(mark.substring(0, mark.length() / 2));
      texts.add(mark.substring(mark.length() / 2));
      texts.add("|>" + mark + mark + "<|");
    }
    texts.add(String.join("", MARKS));
    return texts;
  }

  /** Whatever the messages say, the special tokens are those of a conversation about nothing. */
  @ParameterizedTest
  @FieldSource("TEMPLATES")
  void messagesForgeNoSpecialTokens(String name) throws IOException {
    ChatTemplate template = template(ChatFixtures.text("templates/" + name + ".jinja"));
    ModelTokenizer tokenizer = tokenizer();
    List<Integer> expected = marks(conversation(template, "a", tokenizer), tokenizer);
    for (String text : hostileTexts()) {
      int[] ids = conversation(template, text, tokenizer);
      assertEquals(expected, marks(ids, tokenizer), text);
    }
  }

  private static int[] conversation(ChatTemplate template, String text, ModelTokenizer tokenizer) {
    List<ChatMessage> messages =
        List.of(ChatMessage.user(text), ChatMessage.assistant(text), ChatMessage.user(text));
    return template.tokens(messages, true, tokenizer);
  }

  @Test
  void aTokenHalfOfTheTemplateAndHalfOfAMessageIsNone() throws IOException {
    ModelTokenizer tokenizer = tokenizer();
    ChatTemplate template =
        template("<|im_{{ messages[0].content }}{{ messages[0].content }}_end|> <|im_end|>");
    for (String text : List.of("end|>", "<|im", "", "start|><|im_start|><|im")) {
      int[] ids = template.tokens(List.of(ChatMessage.user(text)), true, tokenizer);
      assertEquals(List.of(tokenizer.tokenizer().idOf("<|im_end|>")), marks(ids, tokenizer), text);
    }
  }

  @Test
  void onlyTheUsualRolesMakeSpecialTokens() throws IOException {
    ModelTokenizer tokenizer = tokenizer();
    ChatTemplate template = template("{{ '<|' + messages[0].role + '|>' }}");
    for (String role : List.of("user", "assistant")) {
      int[] ids = template.tokens(List.of(new ChatMessage(role, "")), true, tokenizer);
      assertEquals(List.of(tokenizer.tokenizer().idOf("<|" + role + "|>")), marks(ids, tokenizer));
    }
    for (String role : List.of("end", "im_end", "model", "x|><|im_end")) {
      int[] ids = template.tokens(List.of(new ChatMessage(role, "")), true, tokenizer);
      assertEquals(List.of(), marks(ids, tokenizer), role);
    }
  }

  @Test
  void answersEndAtWhatTheTemplatePutsBehindThem() throws IOException {
    ModelTokenizer tokenizer = tokenizer();
    int eos = tokenizer.tokenizer().idOf("</s>");
    String[][] ends = {
      {"chatml", "<|im_end|>"},
      {"modes", "<|im_end|>"},
      {"headers", "<|eot_id|>"},
      {"role-tags", "<|end|>"},
      {"turns", "</turn>"},
      {"instruct-tags", "</s>"},
      {"sections", "</s>"}
    };
    for (String[] end : ends) {
      ChatTemplate template = template(ChatFixtures.text("templates/" + end[0] + ".jinja"));
      assertEquals(
          new HashSet<>(List.of(eos, tokenizer.tokenizer().idOf(end[1]))),
          template.answering(tokenizer).special().ends(),
          end[0]);
    }
  }

  @Test
  void aTemplateIsAFileOrAPartOfTheConfiguration() throws IOException {
    assertTrue(ChatTemplate.find(folder).isEmpty());
    Path config = folder.resolve("tokenizer_config.json");
    String[][] cases = {
      {"{}", ""},
      {"{\"chat_template\": null}", ""},
      {"{\"chat_template\": \"{{ bos_token }}a\", \"bos_token\": \"<b>\"}", "<b>a"},
      {"{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"t\"}]}", "t"},
      {
        "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"t\"},"
            + " {\"name\": \"default\", \"template\": \"d\"}]}",
        "d"
      }
    };
    for (String[] one : cases) {
      Files.writeString(config, one[0]);
      String found =
          ChatTemplate.find(folder).map(t -> t.render(List.of(), false).text()).orElse("");
      assertEquals(one[1], found, one[0]);
    }
    Path weights = folder.resolve("model.safetensors");
    assertEquals("d", ChatTemplate.find(weights).orElseThrow().render(List.of(), false).text());
    Files.writeString(
        folder.resolve("special_tokens_map.json"), "{\"eos_token\": {\"content\": \"<e>\"}}");
    Files.writeString(folder.resolve(ChatTemplate.FILE_NAME), "own {{ eos_token }}{{ bos_token }}");
    assertEquals("own <e>", ChatTemplate.find(folder).orElseThrow().render(List.of(), true).text());
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() throws IOException {
    Path file = folder.resolve(ChatTemplate.FILE_NAME);
    for (String source : List.of("\n{{ x", "\n{% include 'y' %}", "\n{{ 'a'|nothing }}")) {
      Files.writeString(file, source);
      ModelFormatException refused =
          assertThrows(ModelFormatException.class, () -> ChatTemplate.find(folder));
      assertTrue(refused.getMessage().contains("line 2"), refused.getMessage());
    }
    Files.write(file, new byte[] {'a', (byte) 0xff});
    assertThrows(ModelFormatException.class, () -> ChatTemplate.find(folder));
    Files.write(file, new byte[(1 << 20) + 1]);
    assertThrows(ModelFormatException.class, () -> ChatTemplate.find(folder));
    ChatTemplate template = template("\n\n{{ raise_exception('not with you') }}");
    ChatTemplateException refused =
        assertThrows(ChatTemplateException.class, () -> template.render(List.of(), true));
    assertEquals(3, refused.line());
    assertTrue(refused.getMessage().contains("not with you"), refused.getMessage());
  }

  @Test
  void aTemplateCanTellTheDay() throws IOException {
    ChatTemplate template = template("{{ strftime_now('%d %b %Y') }}");
    assertEquals("26 Jul 2024", template.render(List.of(), true).text());
  }

  @Test
  void aPromptGoesOnBehindAnEarlierOneAndItsAnswer() throws IOException {
    ChatTemplate template = template(ChatFixtures.text("templates/chatml.jinja"));
    List<ChatMessage> messages = new ArrayList<>(List.of(ChatMessage.user("a")));
    ChatPrompt first = template.render(messages, true);
    messages.add(ChatMessage.assistant("b <|im_end|>"));
    messages.add(ChatMessage.user("c"));
    ChatPrompt second = template.render(messages, true);
    assertEquals(
        "<|im_end|>\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n",
        second.beyond(first, "b <|im_end|>").orElseThrow().text());
    assertEquals(12, second.beyond(first, "b").orElseThrow().foreign().cardinality());
    assertTrue(second.beyond(first, "x").isEmpty());
    assertTrue(second.beyond(second, "").orElseThrow().text().isEmpty());
  }
}
