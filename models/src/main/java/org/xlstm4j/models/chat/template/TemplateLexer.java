package org.xlstm4j.models.chat.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.xlstm4j.models.chat.template.TemplateToken.Kind;

/**
 * Cuts a template's source into tokens, with the white space around marks as {@code trim_blocks}
 * and {@code lstrip_blocks} have it: a line end behind a block is dropped, and so is the space
 * before a block that begins its line.
 */
final class TemplateLexer {
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  /** Most tokens of a template; published ones have some thousands. */
  private static final int MOST_TOKENS = 65_536;

  private final String source;
  private final List<TemplateToken> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private int countedTo;

  /** Whether what comes next begins a line of the source. */
  private boolean lineStarts = true;

  private TemplateLexer(String source) {
    this.source = source;
  }

  /** The tokens of a source, the last of them {@link Kind#END}. */
  static List<TemplateToken> read(String text) {
    String source = text.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    TemplateLexer lexer = new TemplateLexer(source);
    while (lexer.position < source.length()) {
      lexer.readOutside();
    }
    lexer.add(Kind.END, "", source.length());
    return lexer.tokens;
  }

  /** Reads data, and the mark behind it with all that is in it. */
  private void readOutside() {
    int mark = nextMark();
    if (mark < 0) {
      addData(position, source.length());
      position = source.length();
      return;
    }
    char kind = source.charAt(mark + 1);
    int inside = mark + 2;
    char sign = inside < source.length() ? source.charAt(inside) : ' ';
    boolean signed = sign == '-' || sign == '+';
    addData(position, endOfData(mark, sign, kind));
    position = signed ? inside + 1 : inside;
    lineStarts = false;
    switch (kind) {
      case '#' -> skipComment(mark);
      case '{' -> {
        add(Kind.VARIABLE_BEGIN, "{{", mark);
        readInside("}}", Kind.VARIABLE_END);
      }
      default -> {
        if (!readRaw(mark)) {
          add(Kind.BLOCK_BEGIN, "{%", mark);
          readInside("%}", Kind.BLOCK_END);
        }
      }
    }
  }

  private int nextMark() {
    for (int at = source.indexOf('{', position);
        at >= 0 && at + 1 < source.length();
        at = source.indexOf('{', at + 1)) {
      char next = source.charAt(at + 1);
      if (next == '{' || next == '%' || next == '#') {
        return at;
      }
    }
    return -1;
  }

  /** Where the data before a mark ends: the mark, or before the white space that it drops. */
  private int endOfData(int mark, char sign, char kind) {
    if (sign == '-') {
      return PythonText.stripEnd(source, position, mark);
    }
    if (sign == '+' || kind == '{') {
      return mark;
    }
    int space = PythonText.stripEnd(source, position, mark);
    for (int start = mark; start > space; start--) {
      if (source.charAt(start - 1) == '\n') {
        return start;
      }
    }
    return space == position && lineStarts ? position : mark;
  }

  private void skipComment(int mark) {
    int end = source.indexOf("#}", position);
    if (end < 0) {
      throw new TemplateException("a comment without an end", lineOf(mark));
    }
    char sign = end > position ? source.charAt(end - 1) : ' ';
    afterMark(end + 2, sign, true);
  }

  /** Goes behind the end of a mark, and behind the white space that it drops. */
  private void afterMark(int end, char sign, boolean dropsLineEnd) {
    position = end;
    if (sign == '-') {
      position = PythonText.stripStart(source, end, source.length());
    } else if (sign != '+' && dropsLineEnd && source.startsWith("\n", end)) {
      position++;
    }
    lineStarts = position > end && source.charAt(position - 1) == '\n';
  }

  /** Reads a raw block, if one begins here. */
  private boolean readRaw(int mark) {
    int name = PythonText.stripStart(source, position, source.length());
    int end = source.startsWith("raw", name) ? endOfBlock(name + 3) : -1;
    if (end < 0) {
      return false;
    }
    afterMark(end, source.charAt(end - 3), false);
    int start = position;
    for (int at = source.indexOf("{%", position); at >= 0; at = source.indexOf("{%", at + 1)) {
      char sign = at + 2 < source.length() ? source.charAt(at + 2) : ' ';
      int inside = sign == '-' || sign == '+' ? at + 3 : at + 2;
      int last = PythonText.stripStart(source, inside, source.length());
      int close = source.startsWith("endraw", last) ? endOfBlock(last + 6) : -1;
      if (close >= 0) {
        addData(start, endOfData(at, sign, '%'));
        afterMark(close, source.charAt(close - 3), true);
        return true;
      }
    }
    throw new TemplateException("a raw block without an end", lineOf(mark));
  }

  /** Behind the end mark of a block that has nothing more in it, or -1. */
  private int endOfBlock(int from) {
    int at = PythonText.stripStart(source, from, source.length());
    if (source.startsWith("-%}", at) || source.startsWith("+%}", at)) {
      return at + 3;
    }
    return source.startsWith("%}", at) ? at + 2 : -1;
  }

  /** Reads the tokens of an expression or a statement, and the mark at its end. */
  private void readInside(String end, Kind endKind) {
    Deque<Character> open = new ArrayDeque<>();
    while (true) {
      position = PythonText.stripStart(source, position, source.length());
      if (position == source.length()) {
        throw new TemplateException(end + " is missing", lineOf(position));
      }
      if (open.isEmpty() && readEnd(end, endKind)) {
        return;
      }
      char next = source.charAt(position);
      if (next == '"' || next == '\'') {
        readText(next);
      } else if (next >= '0' && next <= '9') {
        readNumber();
      } else if (next == '_' || Character.isUnicodeIdentifierStart(source.codePointAt(position))) {
        readName();
      } else {
        readOperator(open);
      }
    }
  }

  private boolean readEnd(String end, Kind kind) {
    char sign = source.charAt(position);
    boolean signed = sign == '-' || (sign == '+' && kind == Kind.BLOCK_END);
    int at = signed ? position + 1 : position;
    if (!source.startsWith(end, at)) {
      return false;
    }
    add(kind, end, position);
    afterMark(at + 2, signed ? sign : ' ', kind == Kind.BLOCK_END);
    return true;
  }

  private void readText(char quote) {
    int start = position;
    int at = start + 1;
    while (at < source.length() && source.charAt(at) != quote) {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= source.length()) {
      throw new TemplateException("a text without an end", lineOf(start));
    }
    int lineNumber = lineOf(start);
    String text = PythonText.unescape(source.substring(start + 1, at), lineNumber);
    add(new TemplateToken(Kind.TEXT, text, lineNumber));
    position = at + 1;
  }

  private void readNumber() {
    int start = position;
    boolean behindDot = start > 0 && source.charAt(start - 1) == '.';
    skipDigits();
    boolean real = false;
    if (!behindDot && isDigit(position + 1) && source.charAt(position) == '.') {
      real = true;
      position++;
      skipDigits();
    }
    int exponent = position < source.length() ? source.charAt(position) | 0x20 : 0;
    if (!behindDot && exponent == 'e') {
      int sign =
          source.startsWith("+", position + 1) || source.startsWith("-", position + 1) ? 1 : 0;
      if (isDigit(position + 1 + sign)) {
        real = true;
        position += 1 + sign;
        skipDigits();
      }
    }
    add(real ? Kind.REAL : Kind.WHOLE, source.substring(start, position).replace("_", ""), start);
  }

  private boolean isDigit(int at) {
    return at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9';
  }

  private void skipDigits() {
    while (isDigit(position) || (source.startsWith("_", position) && isDigit(position + 1))) {
      position++;
    }
  }

  private void readName() {
    int start = position;
    while (position < source.length()
        && Character.isUnicodeIdentifierPart(source.codePointAt(position))
        && !Character.isIdentifierIgnorable(source.codePointAt(position))) {
      position += Character.charCount(source.codePointAt(position));
    }
    add(Kind.NAME, source.substring(start, position), start);
  }

  private void readOperator(Deque<Character> open) {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, position)) {
        balance(operator.charAt(0), open);
        add(Kind.OPERATOR, operator, position);
        position += operator.length();
        return;
      }
    }
    String found = Character.toString(source.codePointAt(position));
    throw new TemplateException("unexpected character '" + found + "'", lineOf(position));
  }

  private void balance(char operator, Deque<Character> open) {
    switch (operator) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        if (open.isEmpty() || open.pop() != operator) {
          throw new TemplateException("unexpected '" + operator + "'", lineOf(position));
        }
      }
      default -> {}
    }
  }

  private void addData(int from, int to) {
    if (from < to) {
      add(Kind.DATA, source.substring(from, to), from);
    }
  }

  private void add(Kind kind, String text, int at) {
    add(new TemplateToken(kind, text, lineOf(at)));
  }

  private void add(TemplateToken token) {
    if (tokens.size() == MOST_TOKENS) {
      throw new TemplateException("a template of more than " + MOST_TOKENS + " tokens", 0);
    }
    tokens.add(token);
  }

  /** The line of a place; places mostly come in order. */
  private int lineOf(int at) {
    if (at < countedTo) {
      line = 1;
      countedTo = 0;
    }
    for (; countedTo < at; countedTo++) {
      if (source.charAt(countedTo) == '\n') {
        line++;
      }
    }
    return line;
  }
}
