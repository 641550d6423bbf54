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
import java.util.function.BiFunction;
import org.xlstm4j.models.language.EndReason;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.Sampler;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.TextStream;
import org.xlstm4j.models.language.Usage;

/** LangChain4j's requests as texts to continue, and what followed as its responses. */
record XlstmTexts(
    GenerationOptions defaults, BiFunction<List<ChatMessage>, GenerationOptions, TextStream> answers) {
  /** For models that only continue texts: the prompt is the last message of the user. */
  static XlstmTexts continuing(TextGenerator generator) {
    return new XlstmTexts(
        generator.options(),
        (messages, options) -> generator.stream(lastUserMessage(messages), options));
  }

  private static String lastUserMessage(List<ChatMessage> messages) {
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
    return answers.apply(request.messages(), options(request));
  }

  /** What the request says; the model's own settings for the rest. */
  private GenerationOptions options(ChatRequest request) {
    if (!request.toolSpecifications().isEmpty() || request.responseFormat() != null) {
      throw new UnsupportedFeatureException("neither tools nor response formats");
    }
    Sampler.Settings own = defaults.sampling();
    GenerationOptions options =
        defaults.withSampling(
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
