package org.xlstm4j.loader.json;

import java.nio.file.Path;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * Goes through strict JSON (RFC 8259) value by value, without an object for any of them: in a cold
 * JVM, where every method is interpreted at first, that takes a third of a general parser's time.
 *
 * <p>NaN, Infinity and -Infinity are numbers here, since Python's writer emits them; whoever asks
 * for a number refuses them. Nesting and the lengths of keys and numbers are bounded.
 *
 * <p>Strings are given as parts of the text. Their escapes are replaced in place, where the result
 * is never longer, so the text belongs to the scanner.
 */
public final class JsonScanner {
  /** Deepest nesting of objects and arrays that any file of a model needs, with room to spare. */
  public static final int DEEPEST = 64;

  /** Longest key, in characters. */
  private static final int LONGEST_KEY = 1 << 16;

  /** Longest number, in characters: more digits than any has a use for. */
  private static final int LONGEST_NUMBER = 1000;

  private final Path file;
  private final char[] text;
  private final int end;

  /** The next character to look at. */
  private int at;

  /** The number of its line, and where that begins. */
  private int line = 1;

  private int lineStart;

  private JsonKind kind = JsonKind.NOTHING;

  /** The current value's text: a string's without its quotes, a number as it stands. */
  private int start;

  private int stop;
  private boolean escaped;

  /** The open objects and arrays, outermost first. */
  private int depth;

  private final boolean[] inObject = new boolean[DEEPEST];

  /** Elements begun in each open array or object. */
  private final int[] elements = new int[DEEPEST];

  /** The current key in each open object. */
  private final int[] keyStart = new int[DEEPEST];

  private final int[] keyStop = new int[DEEPEST];

  /**
   * A scanner before the value of a text.
   *
   * @param file where the text is from, for messages
   * @param text changed by the scanner
   * @param end the text's end
   */
  public JsonScanner(Path file, char[] text, int end) {
    this.file = file;
    this.text = text;
    this.end = end;
  }

  /** What the current value is. */
  public JsonKind kind() {
    return kind;
  }

  /** The text with the current value's characters, from {@link #start} to {@link #stop}. */
  public char[] text() {
    return text;
  }

  /** Where the current value begins: a string behind its quote. */
  public int start() {
    return start;
  }

  /** Where it ends. */
  public int stop() {
    return stop;
  }

  /** Whether the current string or key had escapes, so that it may hold half a surrogate pair. */
  public boolean escaped() {
    return escaped;
  }

  /** Goes to the value of the text. */
  public void first() throws ModelFormatException {
    value();
  }

  /** Whether nothing but white space follows the value of the text. */
  public boolean ended() {
    skipBlanks();
    return at == end;
  }

  /** Goes to the value of the next key of the innermost open object; false at its end. */
  public boolean nextEntry() throws ModelFormatException {
    if (!nextPart('}')) {
      return false;
    }
    expect('"');
    string();
    keyStart[depth - 1] = start;
    keyStop[depth - 1] = stop;
    if (stop - start > LONGEST_KEY) {
      throw malformed("a key longer than " + LONGEST_KEY + " characters");
    }
    boolean keyEscaped = escaped;
    skipBlanks();
    expect(':');
    value();
    escaped |= keyEscaped;
    return true;
  }

  /** Goes to the next element of the innermost open array; false at its end. */
  public boolean nextElement() throws ModelFormatException {
    if (!nextPart(']')) {
      return false;
    }
    value();
    return true;
  }

  /** The key of the current value. */
  public String key() {
    return new String(text, keyStart(), keyStop() - keyStart());
  }

  /** Where the key of the current value begins in the text. */
  int keyStart() {
    return keyStart[levels() - 1];
  }

  int keyStop() {
    return keyStop[levels() - 1];
  }

  /** How far the scanner is in its line, in characters, counted from 1. */
  public int column() {
    return at - lineStart + 1;
  }

  /** The place of the current value as a JSON pointer (RFC 6901). */
  String pointer() {
    StringBuilder pointer = new StringBuilder();
    for (int level = 0; level < levels(); level++) {
      pointer.append('/');
      if (inObject[level]) {
        String key = new String(text, keyStart[level], keyStop[level] - keyStart[level]);
        pointer.append(key.replace("~", "~0").replace("/", "~1"));
      } else {
        pointer.append(elements[level] - 1);
      }
    }
    return pointer.isEmpty() ? "/" : pointer.toString();
  }

  /** How many objects and arrays the current value is in: one that has just begun is a value. */
  private int levels() {
    return kind == JsonKind.OBJECT || kind == JsonKind.ARRAY ? depth - 1 : depth;
  }

  /** Goes behind the comma that another part needs, or behind the end of the innermost. */
  private boolean nextPart(char close) throws ModelFormatException {
    skipBlanks();
    if (at < end && text[at] == close) {
      at++;
      depth--;
      kind = JsonKind.NOTHING;
      return false;
    }
    if (elements[depth - 1]++ > 0) {
      expect(',');
      skipBlanks();
    }
    return true;
  }

  private void value() throws ModelFormatException {
    skipBlanks();
    escaped = false;
    start = at;
    if (at == end) {
      throw malformed("the end of the file");
    }
    switch (text[at]) {
      case '"' -> {
        at++;
        string();
        kind = JsonKind.STRING;
      }
      case '{' -> open(true);
      case '[' -> open(false);
      case 't' -> word("true", JsonKind.TRUE);
      case 'f' -> word("false", JsonKind.FALSE);
      case 'n' -> word("null", JsonKind.NULL);
      case 'N' -> word("NaN", JsonKind.NUMBER);
      case 'I' -> word("Infinity", JsonKind.NUMBER);
      default -> number();
    }
  }

  private void open(boolean object) throws ModelFormatException {
    if (depth == DEEPEST) {
      throw malformed("nesting deeper than a depth of " + DEEPEST);
    }
    at++;
    stop = at;
    kind = object ? JsonKind.OBJECT : JsonKind.ARRAY;
    inObject[depth] = object;
    elements[depth] = 0;
    keyStart[depth] = 0;
    keyStop[depth] = 0;
    depth++;
  }

  /** Most tokens have no escapes: this loop is all that they take. */
  private void string() throws ModelFormatException {
    char[] characters = text;
    int i = at;
    char c = ' ';
    while (i < end && (c = characters[i]) != '"' && c != '\\' && c >= ' ') {
      i++;
    }
    start = at;
    stop = i;
    escaped = i < end && c == '\\';
    if (escaped) {
      unescape();
    } else if (i == end || c != '"') {
      at = i;
      throw malformed("a string without end");
    } else {
      at = i + 1;
    }
  }

  /** Goes on with a string at its first escape. */
  private void unescape() throws ModelFormatException {
    int to = stop;
    at = stop;
    while (at < end && text[at] != '"' && text[at] >= ' ') {
      char c = text[at++];
      text[to++] = c == '\\' ? escape() : c;
    }
    stop = to;
    expect('"');
  }

  private char escape() throws ModelFormatException {
    char c = at < end ? text[at++] : 0;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal();
      default -> throw malformed("an unknown escape");
    };
  }

  private char hexadecimal() throws ModelFormatException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < end && text[at] < 128 ? Character.digit(text[at], 16) : -1;
      if (digit < 0) {
        throw malformed("an escape without four hexadecimal digits");
      }
      code = 16 * code + digit;
      at++;
    }
    return (char) code;
  }

  private void word(String word, JsonKind meaning) throws ModelFormatException {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
    stop = at;
    kind = meaning;
  }

  private void number() throws ModelFormatException {
    kind = JsonKind.INTEGER;
    if (text[at] == '-') {
      at++;
      if (at < end && text[at] == 'I') {
        word("Infinity", JsonKind.NUMBER);
        return;
      }
    }
    if (at < end && text[at] == '0') {
      at++;
    } else {
      digits();
    }
    if (at < end && text[at] == '.') {
      at++;
      digits();
      kind = JsonKind.NUMBER;
    }
    if (at < end && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (at < end && (text[at] == '+' || text[at] == '-')) {
        at++;
      }
      digits();
      kind = JsonKind.NUMBER;
    }
    stop = at;
    if (stop - start > LONGEST_NUMBER) {
      throw malformed("a number longer than " + LONGEST_NUMBER + " characters");
    }
  }

  private void digits() throws ModelFormatException {
    int from = at;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    if (at == from) {
      throw malformed(at == end ? "the end of the file" : "'" + text[at] + "'");
    }
  }

  private void skipBlanks() {
    char[] characters = text;
    int i = at;
    char c;
    while (i < end
        && (c = characters[i]) <= ' '
        && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) {
      i++;
      if (c == '\n') {
        line++;
        lineStart = i;
      }
    }
    at = i;
  }

  private void expect(char c) throws ModelFormatException {
    if (at == end || text[at] != c) {
      throw malformed(
          (at == end ? "the end of the file" : "'" + text[at] + "'") + " in place of '" + c + "'");
    }
    at++;
  }

  private ModelFormatException malformed(String found) {
    return ModelFormatException.of(
        file, "line " + line + " column " + column(), "valid JSON", found);
  }
}
