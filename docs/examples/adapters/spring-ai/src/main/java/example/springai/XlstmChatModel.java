package example.springai;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
  private final TextGenerator generator;
  private final Function<List<Message>, String> prompts;

  /**
   * For a model that only continues texts: its prompt is the last message of the user.
   *
   * @param generator of the model
   */
  public XlstmChatModel(TextGenerator generator) {
    this(generator, XlstmChatModel::lastUserMessage);
  }

  /**
   * For a model that wants conversations written in its own way.
   *
   * @param generator of the model
   * @param prompts the text of a conversation
   */
  public XlstmChatModel(TextGenerator generator, Function<List<Message>, String> prompts) {
    this.generator = generator;
    this.prompts = prompts;
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
    return generator.stream(prompts.apply(prompt.getInstructions()), options(prompt.getOptions()));
  }

  /** What the prompt says; the model's own settings for the rest. */
  private GenerationOptions options(ChatOptions asked) {
    GenerationOptions options = generator.options();
    if (asked == null) {
      return options;
    }
    Sampler.Settings own = options.sampling();
    return options
        .withSampling(
            new Sampler.Settings(
                or(asked.getTemperature(), own.temperature()),
                or(asked.getTopK(), own.topK()),
                or(asked.getTopP(), own.topP()),
                own.minP(),
                own.repeatPenalty()))
        .withMaxTokens(or(asked.getMaxTokens(), options.maxTokens()))
        .withStops(or(asked.getStopSequences(), options.stops()).toArray(String[]::new));
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
