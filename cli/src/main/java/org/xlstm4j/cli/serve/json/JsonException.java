package org.xlstm4j.cli.serve.json;

/** What a client sent is no JSON, or a field of it is missing, unknown or out of range. */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * A refusal.
   *
   * @param field the field's path, such as {@code messages[0].role}, or empty for the whole
   * @param message says what was found and what was expected
   */
  public JsonException(String field, String message) {
    super(message);
    this.field = field;
  }

  /** The field's path, or empty. */
  public String field() {
    return field;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
