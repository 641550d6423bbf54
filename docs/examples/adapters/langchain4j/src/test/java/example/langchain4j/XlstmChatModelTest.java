package example.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.TextGenerator;

class XlstmChatModelTest {
  private static LanguageModel model;
  private static TextGenerator generator;

  private final ChatRequest.Builder request =
      ChatRequest.builder()
          .messages(SystemMessage.from("unused"), UserMessage.from("It was a dark and stormy night"))
          .temperature(0.0)
          .maxOutputTokens(40)
          .stopSequences(List.of("."));

  @BeforeAll
  static void open() throws IOException {
    Path folder = Path.of(System.getProperty("models"), "xlstm-large-mini");
    model = LanguageModel.open(folder);
    generator = TextGenerator.of(model, folder);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void answersAsTheLibraryContinues() {
    ChatResponse response = new XlstmChatModel(generator).chat(request.build());
    assertEquals(", and the rain was falling heavily", response.aiMessage().text());
    assertEquals(FinishReason.STOP, response.finishReason());
    assertTrue(response.tokenUsage().inputTokenCount() > 5);
    ChatResponse cut = new XlstmChatModel(generator).chat(request.maxOutputTokens(2).build());
    assertEquals(FinishReason.LENGTH, cut.finishReason());
    assertEquals(2, cut.tokenUsage().outputTokenCount());
  }

  @Test
  void conversationsMayBeWrittenInAnotherWay() {
    XlstmChatModel other =
        new XlstmChatModel(
            generator.options(),
            (messages, options) -> generator.stream("It was a dark and stormy", options));
    assertTrue(other.chat(request.build()).aiMessage().text().startsWith(" night"));
  }

  @Test
  void streamsTheSame() {
    Answer answer = new Answer(Integer.MAX_VALUE);
    new XlstmStreamingChatModel(generator).chat(request.build(), answer);
    ChatResponse response = answer.whole.join();
    assertEquals(", and the rain was falling heavily", response.aiMessage().text());
    assertEquals(response.aiMessage().text(), answer.pieces.toString());
    assertTrue(answer.count > 3);
  }

  @Test
  void canBeCancelled() {
    Answer answer = new Answer(2);
    new XlstmStreamingChatModel(generator)
        .chat(request.maxOutputTokens(1_000_000).stopSequences(List.of()).build(), answer);
    assertEquals(FinishReason.OTHER, answer.whole.join().finishReason());
    assertEquals(2, answer.count);
  }

  @Test
  void toolsAreRefused() {
    ChatRequest tools =
        request.toolSpecifications(ToolSpecification.builder().name("clock").build()).build();
    XlstmChatModel chat = new XlstmChatModel(generator);
    assertThrows(UnsupportedFeatureException.class, () -> chat.chat(tools));
    Answer answer = new Answer(Integer.MAX_VALUE);
    new XlstmStreamingChatModel(generator).chat(tools, answer);
    assertTrue(answer.whole.handle((response, failure) -> failure != null).join());
  }

  /** Collects an answer, and cancels it after some pieces. */
  private static final class Answer implements StreamingChatResponseHandler {
    private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
    private final StringBuilder pieces = new StringBuilder();
    private final int most;
    private int count;

    Answer(int most) {
      this.most = most;
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
      pieces.append(piece.text());
      if (++count == most) {
        context.streamingHandle().cancel();
      }
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      whole.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      whole.completeExceptionally(error);
    }
  }
}
