package org.xlstm4j.models.chat;

import java.util.Objects;

/**
 * A message of a conversation.
 *
 * @param role who wrote it: {@code system}, {@code user}, {@code assistant} or what else the
 *     model's template knows
 * @param content what was written, any text; never part of a special token
 */
public record ChatMessage(String role, String content) {
  /** Requires both. */
  public ChatMessage {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }

  /**
   * The system message: how the model is to answer.
   *
   * @param content any text
   * @return the message
   */
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  /**
   * What a person wrote.
   *
   * @param content any text
   * @return the message
   */
  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  /**
   * What the model wrote.
   *
   * @param content any text
   * @return the message
   */
  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }
}
