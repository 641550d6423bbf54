package org.xlstm4j.models.language;

import java.util.List;

/**
 * A generated token among those that could have stood in its place.
 *
 * @param chosen the token that was generated
 * @param likeliest the likeliest tokens, best first, the chosen one among them if it is one; as
 *     many as were asked for
 */
public record TokenChoice(TokenProbability chosen, List<TokenProbability> likeliest) {
  /** Copies the list. */
  public TokenChoice {
    likeliest = List.copyOf(likeliest);
  }
}
