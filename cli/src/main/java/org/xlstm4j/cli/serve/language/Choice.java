package org.xlstm4j.cli.serve.language;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.language.EndReason;
import org.xlstm4j.models.language.TokenChoice;

/**
 * A text, or the next part of one, as an answer shows it.
 *
 * @param index among the texts of the request
 * @param text of it
 * @param tokens with their log probabilities, or null if they were not asked for
 * @param offset of the first token's text from the start, in UTF-16 units
 * @param end why it has ended, or null if it goes on
 */
record Choice(
    int index,
    String text,
    @Nullable List<TokenChoice> tokens,
    int offset,
    @Nullable EndReason end) {
  /** The end in OpenAI's words, or null. */
  @Nullable String finishReason() {
    return end == null ? null : end == EndReason.MAX_TOKENS ? "length" : "stop";
  }
}
