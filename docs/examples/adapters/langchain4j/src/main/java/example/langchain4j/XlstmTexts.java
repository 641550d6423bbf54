package example.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.function.Function;
import org.xlstm4j.models.language.EndReason;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.Sampler;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.TextStream;
import org.xlstm4j.models.language.Usage;

/** LangChain4j's requests as texts to continue, and what followed as its responses. */
record XlstmTexts(TextGenerator generator, Function<List<ChatMessage>, String> prompts) {
  /** The text of the last message of the user, for models that only continue texts. */
  static String lastUserMessage(List<ChatMessage> messages) {
    for (ChatMessage message : messages.reversed()) {
      if (message instanceof UserMessage user) {
        if (!user.hasSingleText()) {
          throw new UnsupportedFeatureException("only texts, no other contents");
        }
        return user.singleText();
      }
    }
    throw new IllegalArgumentException("no message of the user");
  }

  TextStream start(ChatRequest request) {
    return generator.stream(prompts.apply(request.messages()), options(request));
  }

  /** What the request says; the model's own settings for the rest. */
  private GenerationOptions options(ChatRequest request) {
    if (!request.toolSpecifications().isEmpty() || request.responseFormat() != null) {
      throw new UnsupportedFeatureException("neither tools nor response formats");
    }
    GenerationOptions options = generator.options();
    Sampler.Settings own = options.sampling();
    options =
        options.withSampling(
            new Sampler.Settings(
                or(request.temperature(), own.temperature()),
                or(request.topK(), own.topK()),
                or(request.topP(), own.topP()),
                own.minP(),
                own.repeatPenalty()));
    if (request.maxOutputTokens() != null) {
      options = options.withMaxTokens(request.maxOutputTokens());
    }
    return options.withStops(request.stopSequences().toArray(String[]::new));
  }

  private static <T> T or(T asked, T own) {
    return asked == null ? own : asked;
  }

  ChatResponse response(String text, Usage usage) {
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(text))
        .tokenUsage(new TokenUsage(usage.promptTokens(), usage.generatedTokens()))
        .finishReason(reason(usage.end()))
        .build();
  }

  private static FinishReason reason(EndReason end) {
    return switch (end) {
      case MAX_TOKENS -> FinishReason.LENGTH;
      case END_TOKEN, STOP -> FinishReason.STOP;
      case CANCELLED -> FinishReason.OTHER;
    };
  }
}
