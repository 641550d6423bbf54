package org.xlstm4j.models.language;

import java.util.List;

/**
 * The next part of a text that is being generated.
 *
 * @param text whole characters, at least one; none only in the last piece, and there only if it
 *     tells of tokens that have no text
 * @param choices the log probabilities of the tokens generated since the piece before, if they were
 *     asked for, else none
 */
public record TextPiece(String text, List<TokenChoice> choices) {
  /** Copies the list. */
  public TextPiece {
    choices = List.copyOf(choices);
  }
}
