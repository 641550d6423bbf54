package example.springai;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.xlstm4j.models.language.EndReason;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.Sampler;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.TextStream;
import org.xlstm4j.models.language.Usage;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * A language model of this process as Spring AI's chat model. Thread-safe; the model must stay open
 * meanwhile.
 */
public final class XlstmChatModel implements ChatModel {
  private final GenerationOptions defaults;
  private final BiFunction<List<Message>, GenerationOptions, TextStream> answers;

  /**
   * For a model that only continues texts: its prompt is the last message of the user.
   *
   * @param generator of the model
   */
  public XlstmChatModel(TextGenerator generator) {
    this(
        generator.options(),
        (messages, options) -> generator.stream(lastUserMessage(messages), options));
  }

  /**
   * For a model that wants conversations written in its own way.
   *
   * @param defaults what counts where a prompt says nothing
   * @param answers starts the answer to a conversation
   */
  public XlstmChatModel(
      GenerationOptions defaults, BiFunction<List<Message>, GenerationOptions, TextStream> answers) {
    this.defaults = defaults;
    this.answers = answers;
  }

  private static String lastUserMessage(List<Message> messages) {
    return messages.reversed().stream()
        .filter(message -> message.getMessageType() == MessageType.USER)
        .findFirst()
        .map(Message::getText)
        .orElseThrow(() -> new IllegalArgumentException("no message of the user"));
  }

  @Override
  public ChatResponse call(Prompt prompt) {
    TextStream stream = start(prompt);
    StringBuilder text = new StringBuilder();
    for (TextPiece piece : stream) {
      text.append(piece.text());
    }
    return response(text.toString(), stream.finish());
  }

  /**
   * Writes an answer piece by piece, in another thread. Whoever no longer listens ends it.
   *
   * @param prompt the conversation
   * @return a response a piece, and one without a text that tells why it ended and what it took
   */
  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    return Flux.defer(
            () -> {
              TextStream stream = start(prompt);
              return Flux.fromIterable(stream)
                  .map(piece -> new ChatResponse(List.of(new Generation(new AssistantMessage(piece.text())))))
                  .concatWith(Flux.defer(() -> Flux.just(response("", stream.finish()))))
                  .doOnCancel(stream::cancel);
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  private TextStream start(Prompt prompt) {
    return answers.apply(prompt.getInstructions(), options(prompt.getOptions()));
  }

  /** What the prompt says; the model's own settings for the rest. */
  private GenerationOptions options(ChatOptions asked) {
    if (asked == null) {
      return defaults;
    }
    Sampler.Settings own = defaults.sampling();
    return defaults
        .withSampling(
            new Sampler.Settings(
                or(asked.getTemperature(), own.temperature()),
                or(asked.getTopK(), own.topK()),
                or(asked.getTopP(), own.topP()),
                own.minP(),
                own.repeatPenalty()))
        .withMaxTokens(or(asked.getMaxTokens(), defaults.maxTokens()))
        .withStops(or(asked.getStopSequences(), defaults.stops()).toArray(String[]::new));
  }

  private static <T> T or(T asked, T own) {
    return Optional.ofNullable(asked).orElse(own);
  }

  private static ChatResponse response(String text, Usage usage) {
    ChatGenerationMetadata end =
        ChatGenerationMetadata.builder()
            .finishReason(usage.end() == EndReason.MAX_TOKENS ? "LENGTH" : "STOP")
            .build();
    ChatResponseMetadata metadata =
        ChatResponseMetadata.builder()
            .usage(new DefaultUsage(usage.promptTokens(), usage.generatedTokens()))
            .build();
    return new ChatResponse(List.of(new Generation(new AssistantMessage(text), end)), metadata);
  }
}
