package org.xlstm4j.models.chat.template;

/** A template is malformed, asks for what is not supported, fails, or refuses the conversation. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  TemplateException(String message, int line) {
    super(message);
    this.line = line;
  }

  /** The line of the template, from 1, or 0 where none is known. */
  public int line() {
    return line;
  }

  /** This with a line, if it has none yet. */
  TemplateException at(int place) {
    return line > 0 ? this : new TemplateException(String.valueOf(getMessage()), place);
  }
}
