package org.xlstm4j.models.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;

class ChatTemplateTest {
  @TempDir private Path folder;

  private ChatTemplate template(String source) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\", \"lstrip\": false}}");
    Files.writeString(folder.resolve("chat_template.jinja"), source);
    return ChatTemplate.find(folder).orElseThrow();
  }

  private static List<ChatMessage> messages(Config fixture) throws IOException {
    List<ChatMessage> messages = new ArrayList<>();
    for (Config message : fixture.children("messages")) {
      messages.add(new ChatMessage(message.text("role"), message.text("content")));
    }
    return messages;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chatml",
        "chatml-default-system",
        "chatml-tools",
        "generation-marks",
        "headers",
        "instruct-namespace",
        "instruct-tags",
        "loops",
        "plain-roles",
        "role-built",
        "role-lines",
        "role-tags",
        "sections",
        "thinking",
        "turns",
        "turns-prefixed",
        "whitespace"
      })
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
}
