package org.xlstm4j.models.chat;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.TextStream;
import org.xlstm4j.models.language.Usage;

/**
 * An answer while it is being written, to be walked through once, piece by piece. When the last
 * piece was taken, or {@link #finish} was called, it is part of the conversation.
 *
 * <p>Belongs to one thread, but for {@link #cancel}.
 */
public final class ChatAnswer implements Iterable<TextPiece> {
  private final Conversation conversation;
  private final ChatPrompt prompt;
  private final int promptTokens;
  private final TextStream stream;
  private final StringBuilder text = new StringBuilder();
  private @Nullable Usage usage;
  private boolean failed;

  ChatAnswer(Conversation conversation, ChatPrompt prompt, int promptTokens, TextStream stream) {
    this.conversation = conversation;
    this.prompt = prompt;
    this.promptTokens = promptTokens;
    this.stream = stream;
  }

  /** All iterators walk through the same answer, of which each piece comes once. */
  @Override
  public Iterator<TextPiece> iterator() {
    Iterator<TextPiece> pieces = stream.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        boolean whole = false;
        try {
          boolean more = pieces.hasNext();
          whole = true;
          if (!more) {
            end();
          }
          return more;
        } finally {
          failed |= !whole;
        }
      }

      @Override
      public TextPiece next() {
        TextPiece piece = pieces.next();
        text.append(piece.text());
        return piece;
      }
    };
  }

  /** Ends the answer soon. May be called from any thread and at any time. */
  public void cancel() {
    stream.cancel();
  }

  /**
   * What was written so far.
   *
   * @return the text of all pieces taken
   */
  public String text() {
    return text.toString();
  }

  /**
   * Ends the answer here, unless it has ended.
   *
   * @return what it took, and why it ended
   */
  public Usage finish() {
    if (usage == null && !failed) {
      stream.cancel();
      iterator().forEachRemaining(held -> {}); // what was held back is part of the text
    }
    return end();
  }

  private Usage end() {
    if (usage == null) {
      usage = stream.finish();
      boolean whole = !failed && usage.promptTokens() == promptTokens;
      conversation.answered(prompt, text.toString(), usage, whole);
    }
    return usage;
  }
}
