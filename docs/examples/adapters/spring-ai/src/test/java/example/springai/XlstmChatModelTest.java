package example.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.TextGenerator;

class XlstmChatModelTest {
  private static LanguageModel model;
  private static XlstmChatModel chat;

  @BeforeAll
  static void open() throws IOException {
    Path folder = Path.of(System.getProperty("models"), "xlstm-large-mini");
    model = LanguageModel.open(folder);
    chat = new XlstmChatModel(TextGenerator.of(model, folder));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void answersAsTheLibraryContinues() {
    ChatResponse response = chat.call(prompt(40, "."));
    assertEquals(", and the rain was falling heavily", response.getResult().getOutput().getText());
    assertEquals("STOP", response.getResult().getMetadata().getFinishReason());
    assertTrue(response.getMetadata().getUsage().getPromptTokens() > 5);
    assertEquals("LENGTH", chat.call(prompt(2)).getResult().getMetadata().getFinishReason());
  }

  @Test
  void streamsTheSame() {
    List<ChatResponse> pieces = chat.stream(prompt(40, ".")).collectList().block();
    StringBuilder text = new StringBuilder();
    pieces.forEach(piece -> text.append(piece.getResult().getOutput().getText()));
    assertEquals(", and the rain was falling heavily", text.toString());
    assertEquals("STOP", pieces.getLast().getResult().getMetadata().getFinishReason());
    assertTrue(pieces.size() > 4);
  }

  @Test
  void whoeverNoLongerListensEndsTheAnswer() {
    assertEquals(2, chat.stream(prompt(1_000_000)).take(2).collectList().block().size());
  }

  @Test
  void aConversationWithoutTheUserIsRefused() {
    Prompt silent = new Prompt(new SystemMessage("unused"));
    assertThrows(IllegalArgumentException.class, () -> chat.call(silent));
    assertThrows(IllegalArgumentException.class, () -> chat.stream(silent).blockLast());
  }

  private static Prompt prompt(int tokens, String... stops) {
    return new Prompt(
        List.of(new SystemMessage("unused"), new UserMessage("It was a dark and stormy night")),
        ChatOptions.builder().temperature(0.0).maxTokens(tokens).stopSequences(List.of(stops)).build());
  }
}
