package org.xlstm4j.models.chat;

/** A chat template refused a conversation, or failed on it. */
public final class ChatTemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  ChatTemplateException(String message, int line, Throwable cause) {
    super(message, cause);
    this.line = line;
  }

  /**
   * Where in the template.
   *
   * @return its line, from 1, or 0 where none is known
   */
  public int line() {
    return line;
  }
}
