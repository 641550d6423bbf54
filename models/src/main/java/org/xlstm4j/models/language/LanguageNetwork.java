package org.xlstm4j.models.language;

import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Pass;

/**
 * What computes the tokens of a session, or of several together: buffers of its own and the model's
 * weights. Not thread-safe.
 */
public interface LanguageNetwork {
  /** Most tokens a call of {@link #forward} takes. */
  int CHUNK = 512;

  /**
   * Runs tokens through all blocks and updates the states. Their hidden values stay for {@link
   * #logits}.
   *
   * @param pass how many tokens, 1 to {@link #CHUNK}, of which sequences
   * @param ids tokens
   * @param first index of the first one to run
   */
  void forward(Pass pass, int[] ids, int first);

  /**
   * Logits of tokens of the last {@link #forward}.
   *
   * @param token which of its tokens is the first wanted, from 0
   * @param count how many
   * @param logits receives {@code vocabularySize} values a token
   */
  void logits(int token, int count, Columns logits);
}
