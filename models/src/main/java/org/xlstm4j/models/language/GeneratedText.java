package org.xlstm4j.models.language;

import java.util.List;

/**
 * A text that was generated as a whole.
 *
 * @param text what follows the prompt
 * @param choices the log probabilities of its tokens, if they were asked for, else none
 * @param usage what it took, and why it ended
 */
public record GeneratedText(String text, List<TokenChoice> choices, Usage usage) {
  /** Copies the list. */
  public GeneratedText {
    choices = List.copyOf(choices);
  }
}
