package example.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.function.BiFunction;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.TextStream;

/**
 * A language model of this process as LangChain4j's streaming chat model. Each answer is written by a
 * thread of its own. Thread-safe; the model must stay open meanwhile.
 */
public final class XlstmStreamingChatModel implements StreamingChatModel {
  private final XlstmTexts texts;

  /**
   * For a model that only continues texts: its prompt is the last message of the user.
   *
   * @param generator of the model
   */
  public XlstmStreamingChatModel(TextGenerator generator) {
    texts = XlstmTexts.continuing(generator);
  }

  /**
   * For a model that wants conversations written in its own way.
   *
   * @param defaults what counts where a request says nothing
   * @param answers starts the answer to a conversation
   */
  public XlstmStreamingChatModel(
      GenerationOptions defaults,
      BiFunction<List<ChatMessage>, GenerationOptions, TextStream> answers) {
    texts = new XlstmTexts(defaults, answers);
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    Thread.ofPlatform().daemon().name("xlstm4j-chat").start(() -> write(request, handler));
  }

  private void write(ChatRequest request, StreamingChatResponseHandler handler) {
    try {
      TextStream stream = texts.start(request);
      PartialResponseContext context = new PartialResponseContext(new Cancellation(stream));
      StringBuilder text = new StringBuilder();
      for (TextPiece piece : stream) {
        text.append(piece.text());
        handler.onPartialResponse(new PartialResponse(piece.text()), context);
      }
      handler.onCompleteResponse(texts.response(text.toString(), stream.finish()));
    } catch (RuntimeException | Error e) {
      handler.onError(e);
    }
  }

  private static final class Cancellation implements StreamingHandle {
    private final TextStream stream;
    private volatile boolean cancelled;

    Cancellation(TextStream stream) {
      this.stream = stream;
    }

    @Override
    public void cancel() {
      cancelled = true;
      stream.cancel();
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }
}
