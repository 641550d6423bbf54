package org.xlstm4j.models.chat.template;

import java.math.BigDecimal;
import java.util.Locale;

/** Texts as Python has them: what is white space, escapes, and how values are written. */
final class PythonText {
  private PythonText() {}

  /** Whether a character is white space. */
  static boolean isSpace(char character) {
    return switch (character) {
      case ' ',
          '\t',
          '\n',
          '\u000b',
          '\f',
          '\r',
          '\u001c',
          '\u001d',
          '\u001e',
          '\u001f',
          '\u0085' ->
          true;
      default -> character >= '\u00a0' && Character.isSpaceChar(character);
    };
  }

  /** The first place of a part that is no white space, or its end. */
  static int stripStart(String text, int from, int to) {
    int start = from;
    while (start < to && isSpace(text.charAt(start))) {
      start++;
    }
    return start;
  }

  /** Behind the last place of a part that is no white space, or its start. */
  static int stripEnd(String text, int from, int to) {
    int end = to;
    while (end > from && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /** What a literal stands for; an escape that is none stays. */
  static String unescape(String literal, int line) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < literal.length(); i++) {
      char character = literal.charAt(i);
      if (character != '\\') {
        text.append(character);
        continue;
      }
      char escape = literal.charAt(++i);
      switch (escape) {
        case 'n' -> text.append('\n');
        case 't' -> text.append('\t');
        case 'r' -> text.append('\r');
        case 'a' -> text.append('\u0007');
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'v' -> text.append('\u000b');
        case '\\', '\'', '"' -> text.append(escape);
        case '\n' -> {
          // a line that goes on
        }
        case 'x' -> i = appendCharacter(literal, i, 2, line, text);
        case 'u' -> i = appendCharacter(literal, i, 4, line, text);
        case 'U' -> i = appendCharacter(literal, i, 8, line, text);
        case '0', '1', '2', '3', '4', '5', '6', '7' -> i = appendOctal(literal, i, text);
        default -> text.append('\\').append(escape);
      }
    }
    return text.toString();
  }

  private static int appendCharacter(
      String literal, int at, int digits, int line, StringBuilder text) {
    int end = at + 1 + digits;
    try {
      text.appendCodePoint(Integer.parseUnsignedInt(literal, at + 1, end, 16));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new TemplateException("a malformed escape in a text", line);
    }
    return end - 1;
  }

  private static int appendOctal(String literal, int at, StringBuilder text) {
    int end = at;
    int value = 0;
    while (end < literal.length() && end < at + 3 && isOctal(literal.charAt(end))) {
      value = value * 8 + literal.charAt(end) - '0';
      end++;
    }
    text.append((char) value);
    return end - 1;
  }

  private static boolean isOctal(char character) {
    return character >= '0' && character <= '7';
  }

  /** A number that is not whole, as {@code repr} writes it. */
  static String real(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String digits = shortest.unscaledValue().abs().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String sign = value < 0 ? "-" : "";
    return String.format(
        Locale.ROOT,
        "%s%s%se%s%02d",
        sign,
        digits.charAt(0),
        fraction,
        exponent < 0 ? "-" : "+",
        Math.abs(exponent));
  }

  /** A text in quotes, as {@code repr} writes it. */
  static MarkedText quoted(MarkedText text) {
    char quote = text.text().indexOf('\'') >= 0 && text.text().indexOf('"') < 0 ? '"' : '\'';
    return new MarkedText.Builder()
        .append(Character.toString(quote))
        .append(text.map(part -> escape(part, quote)))
        .append(Character.toString(quote))
        .build();
  }

  private static String escape(String part, char quote) {
    StringBuilder escaped = new StringBuilder();
    part.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\\' -> escaped.append("\\\\");
                default -> {
                  if (character == quote) {
                    escaped.append('\\').append(quote);
                  } else if (isPrintable(character)) {
                    escaped.appendCodePoint(character);
                  } else {
                    escaped.append(
                        character < 0x100
                            ? String.format(Locale.ROOT, "\\x%02x", character)
                            : character < 0x10000
                                ? String.format(Locale.ROOT, "\\u%04x", character)
                                : String.format(Locale.ROOT, "\\U%08x", character));
                  }
                }
              }
            });
    return escaped.toString();
  }

  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> character == ' ';
      default -> true;
    };
  }

  /** A text in JSON, with all that is not ASCII as it is. */
  static MarkedText json(MarkedText text) {
    return new MarkedText.Builder()
        .append("\"")
        .append(text.map(PythonText::escapeJson))
        .append("\"")
        .build();
  }

  private static String escapeJson(String part) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < part.length(); i++) {
      char character = part.charAt(i);
      switch (character) {
        case '"' -> escaped.append("\\\"");
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        case '\b' -> escaped.append("\\b");
        case '\f' -> escaped.append("\\f");
        default -> {
          if (character < ' ') {
            escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
          } else {
            escaped.append(character);
          }
        }
      }
    }
    return escaped.toString();
  }

  /** Upper case at the beginning of each word, as {@code str.title} has words. */
  static String title(String text) {
    StringBuilder titled = new StringBuilder();
    boolean[] inWord = {false};
    text.codePoints()
        .forEach(
            character -> {
              String one = Character.toString(character);
              titled.append(inWord[0] ? one.toLowerCase(Locale.ROOT) : titled(character, one));
              inWord[0] = isCased(character);
            });
    return titled.toString();
  }

  private static String titled(int character, String one) {
    int title = Character.toTitleCase(character);
    return title == character ? capitalized(one) : Character.toString(title);
  }

  /** A first character in upper case, or as the first of several that stand for it. */
  private static String capitalized(String one) {
    String upper = one.toUpperCase(Locale.ROOT);
    int first = upper.codePointAt(0);
    int length = Character.charCount(first);
    return upper.length() > length
        ? upper.substring(0, length) + upper.substring(length).toLowerCase(Locale.ROOT)
        : one;
  }

  private static boolean isCased(int character) {
    return Character.isUpperCase(character)
        || Character.isLowerCase(character)
        || Character.isTitleCase(character);
  }

  /** The first character in upper case and the others in lower case. */
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    int length = Character.charCount(first);
    return titled(first, text.substring(0, length))
        + text.substring(length).toLowerCase(Locale.ROOT);
  }
}
