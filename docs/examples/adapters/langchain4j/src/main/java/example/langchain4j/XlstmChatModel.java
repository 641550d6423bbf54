package example.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.function.BiFunction;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.TextStream;

/**
 * A language model of this process as LangChain4j's chat model. Thread-safe; the model must stay open
 * meanwhile.
 */
public final class XlstmChatModel implements ChatModel {
  private final XlstmTexts texts;

  /**
   * For a model that only continues texts: its prompt is the last message of the user.
   *
   * @param generator of the model
   */
  public XlstmChatModel(TextGenerator generator) {
    texts = XlstmTexts.continuing(generator);
  }

  /**
   * For a model that wants conversations written in its own way.
   *
   * @param defaults what counts where a request says nothing
   * @param answers starts the answer to a conversation
   */
  public XlstmChatModel(
      GenerationOptions defaults,
      BiFunction<List<ChatMessage>, GenerationOptions, TextStream> answers) {
    texts = new XlstmTexts(defaults, answers);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    TextStream stream = texts.start(request);
    StringBuilder text = new StringBuilder();
    for (TextPiece piece : stream) {
      text.append(piece.text());
    }
    return texts.response(text.toString(), stream.finish());
  }
}
