package org.xlstm4j.models.chat.template;

/**
 * A token of a template's source.
 *
 * @param kind what it is
 * @param text its text: that of a {@link Kind#TEXT} without quotes and escapes
 * @param line where it begins, from 1
 */
record TemplateToken(Kind kind, String text, int line) {
  enum Kind {
    /** Text outside all marks. */
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    /** A literal in quotes. */
    TEXT,
    WHOLE,
    REAL,
    OPERATOR,
    /** The end of the source. */
    END
  }

  boolean is(Kind other) {
    return kind == other;
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /** The token as messages show it. */
  String shown() {
    return switch (kind) {
      case END -> "the end of the template";
      case BLOCK_END -> "%}";
      case VARIABLE_END -> "}}";
      default -> "'" + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + "'";
    };
  }
}
