package org.xlstm4j.models.language;

import org.xlstm4j.engine.tokens.Columns;

/**
 * One session's computation: buffers of its own, the model's weights, the session's state. Not
 * thread-safe.
 */
public interface LanguageNetwork {
  /** Most tokens a call of {@link #forward} takes. */
  int CHUNK = 512;

  /**
   * Runs tokens through all blocks and updates the state. Their hidden values stay for {@link
   * #logits}.
   *
   * @param ids tokens
   * @param first index of the first one to run
   * @param count how many, 1 to {@link #CHUNK}
   */
  void forward(int[] ids, int first, int count);

  /**
   * Logits of tokens of the last {@link #forward}.
   *
   * @param token which of its tokens is the first wanted, from 0
   * @param count how many
   * @param logits receives {@code vocabularySize} values a token
   */
  void logits(int token, int count, Columns logits);
}
