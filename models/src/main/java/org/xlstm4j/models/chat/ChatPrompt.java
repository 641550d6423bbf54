package org.xlstm4j.models.chat;

import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.Optional;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.chat.template.MarkedText;
import org.xlstm4j.models.language.ModelTokenizer;

/**
 * A conversation as the text that a model reads. It knows which of its characters came out of
 * messages: special tokens are never found there, nor across the edge. Immutable.
 */
public final class ChatPrompt {
  private final MarkedText text;

  ChatPrompt(MarkedText text) {
    this.text = text;
  }

  /**
   * The text, special tokens spelled out.
   *
   * @return what the template made
   */
  public String text() {
    return text.text();
  }

  /**
   * The characters that came out of messages.
   *
   * @return their indexes in {@link #text}, a copy
   */
  public BitSet foreign() {
    return text.foreignCharacters();
  }

  /**
   * The tokens to feed to a new session; no begin token is added to those that the template wrote.
   *
   * @param tokenizer the model's
   * @return their ids, perhaps none
   * @throws UncheckedIOException if the tokenizer is of a model with a larger vocabulary
   */
  public int[] tokens(ModelTokenizer tokenizer) {
    try {
      return tokenizer.encode(text.text(), text.foreignCharacters());
    } catch (ModelFormatException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What this prompt adds to an earlier one and the answer to it, so that a session that has read
   * and written these can go on with the rest.
   *
   * @param earlier the prompt that was answered
   * @param answer what was written
   * @return the rest, or nothing if this prompt does not begin with the other two
   */
  public Optional<ChatPrompt> beyond(ChatPrompt earlier, String answer) {
    MarkedText read = earlier.text.followedBy(MarkedText.foreign(answer));
    return text.startsWith(read)
        ? Optional.of(new ChatPrompt(text.substring(read.length())))
        : Optional.empty();
  }
}
