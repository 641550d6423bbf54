package org.xlstm4j.loader.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * Goes through a JSON file value by value and refuses what is not of the type asked for. All
 * methods that take a value take the current one; it stays current.
 *
 * <p>Every file in JSON that the loader reads, it reads with this: in UTF-8, nested at most {@link
 * JsonScanner#DEEPEST} deep, no key twice in an object. Not thread-safe.
 */
public final class JsonCursor {
  /**
   * Most keys of an object that are compared with each other: each takes far more than its text.
   */
  private static final int MOST_KEYS = 1 << 16;

  private final Path file;
  private final JsonScanner scanner;

  /**
   * A cursor before the value of a file.
   *
   * @param file where the text is from, for messages
   * @param utf8 the text
   * @throws ModelFormatException if the bytes are no UTF-8
   */
  public JsonCursor(Path file, byte[] utf8) throws ModelFormatException {
    this.file = file;
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
      scanner = new JsonScanner(file, text.array(), text.limit());
    } catch (CharacterCodingException e) {
      throw ModelFormatException.notUtf8(file, "text");
    }
  }

  /** Goes to the value of the file. */
  public void start() throws ModelFormatException {
    scanner.first();
  }

  /** Requires that nothing follows the value of the file. */
  public void requireEnd() throws ModelFormatException {
    if (!scanner.ended()) {
      throw refuse("valid JSON with nothing after its value", "more");
    }
  }

  /** What the current value is. */
  public JsonKind kind() {
    return scanner.kind();
  }

  /** Enters the current object. */
  public void enterObject() throws ModelFormatException {
    require(JsonKind.OBJECT, "an object");
  }

  /**
   * Goes on to the value of the next key, which may be there twice: whoever asks compares them.
   *
   * @return false at the end of the object
   */
  public boolean nextEntry() throws ModelFormatException {
    return scanner.nextEntry();
  }

  /**
   * Goes on to the value of the next key, which is not among those seen, of which there are at most
   * 65,536; null at the end of the object.
   */
  public @Nullable String nextKey(Set<String> seen) throws ModelFormatException {
    if (!scanner.nextEntry()) {
      return null;
    }
    requireWellFormedKey();
    if (seen.size() == MOST_KEYS) {
      throw refuse("at most " + MOST_KEYS + " keys in an object", "more");
    }
    String key = scanner.key();
    if (!seen.add(key)) {
      throw refuse("each key once", "a duplicate: this key twice");
    }
    return key;
  }

  /** Where the key of the current value begins in {@link #text}. */
  public int keyStart() {
    return scanner.keyStart();
  }

  /** Where it ends. */
  public int keyStop() {
    return scanner.keyStop();
  }

  /** Enters the current array. */
  public void enterArray() throws ModelFormatException {
    require(JsonKind.ARRAY, "an array");
  }

  /** Goes on to the next element; false at the end of the array. */
  public boolean nextElement() throws ModelFormatException {
    return scanner.nextElement();
  }

  /** Goes to the end of the current value, if it is an object or array, whatever it holds. */
  public void skip() throws ModelFormatException {
    if (scanner.kind() == JsonKind.OBJECT) {
      Set<String> seen = new HashSet<>();
      while (nextKey(seen) != null) {
        skip();
      }
    } else if (scanner.kind() == JsonKind.ARRAY) {
      while (nextElement()) {
        skip();
      }
    }
  }

  /** Whether the current value is null. */
  public boolean isNull() {
    return scanner.kind() == JsonKind.NULL;
  }

  /** Whether the current value is a string. */
  public boolean isString() {
    return scanner.kind() == JsonKind.STRING;
  }

  /** True or false. */
  public boolean booleanValue() throws ModelFormatException {
    if (scanner.kind() == JsonKind.TRUE) {
      return true;
    }
    require(JsonKind.FALSE, "true or false");
    return false;
  }

  /** A boolean, where null means false. */
  public boolean flag() throws ModelFormatException {
    return !isNull() && booleanValue();
  }

  /** A number that may have a fraction, and may be NaN or infinite. */
  public double number() throws ModelFormatException {
    if (scanner.kind() != JsonKind.NUMBER) {
      require(JsonKind.INTEGER, "a number");
    }
    return Double.parseDouble(currentText());
  }

  /** A whole number, if the value is one that a long holds. */
  public OptionalLong whole() {
    if (scanner.kind() != JsonKind.INTEGER) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(currentText()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** A whole number from 0 to below {@code limit}. */
  public int index(int limit) throws ModelFormatException {
    int from = scanner.start();
    int to = scanner.stop();
    if (scanner.kind() == JsonKind.INTEGER && to - from < 11) {
      char[] text = scanner.text();
      long value = 0;
      for (int i = from; i < to; i++) {
        value = 10 * value + (text[i] - '0');
      }
      if (value >= 0 && value < limit) { // a minus sign makes it negative
        return (int) value;
      }
    }
    throw refuse("a whole number from 0 to below " + limit);
  }

  /** A text in well-formed Unicode. */
  public String string() throws ModelFormatException {
    requireString();
    requireWellFormed(scanner.start(), scanner.stop());
    return currentText();
  }

  /** A text as {@link #string} gives it, or null where the value is null. */
  public @Nullable String stringOrNull() throws ModelFormatException {
    return isNull() ? null : string();
  }

  /** Refuses all but this text. */
  public void requireString(String expected) throws ModelFormatException {
    if (!string().equals(expected)) {
      throw refuse('"' + expected + '"');
    }
  }

  /** Refuses all but a string. */
  public void requireString() throws ModelFormatException {
    require(JsonKind.STRING, "a string");
  }

  /** Refuses the object that has just ended if it lacks one of these keys. */
  public void requireKeys(Set<String> seen, String... keys) throws ModelFormatException {
    for (String key : keys) {
      if (!seen.contains(key)) {
        throw refuse("a key \"" + key + '"', "none");
      }
    }
  }

  /** Refuses a key with lone surrogates, which escapes can bring in. */
  public void requireWellFormedKey() throws ModelFormatException {
    requireWellFormed(scanner.keyStart(), scanner.keyStop());
  }

  private void requireWellFormed(int from, int to) throws ModelFormatException {
    if (!scanner.escaped()) {
      return; // the file is UTF-8, which has no lone surrogates
    }
    char[] text = scanner.text();
    for (int i = from; i < to; i++) {
      if (Character.isSurrogate(text[i])) {
        if (i + 1 == to || !Character.isSurrogatePair(text[i], text[i + 1])) {
          throw refuse("well-formed Unicode", "half of a surrogate pair");
        }
        i++;
      }
    }
  }

  /** The text with the current string's characters, between the next two. */
  public char[] text() {
    return scanner.text();
  }

  /** Where the current string begins in {@link #text}. */
  public int stringStart() {
    return scanner.start();
  }

  /** Where it ends. */
  public int stringStop() {
    return scanner.stop();
  }

  /** The refusal of the current value. */
  public ModelFormatException refuse(String expected) {
    return refuse(expected, describe());
  }

  /** A refusal at the current place. */
  public ModelFormatException refuse(String expected, String found) {
    return refuseAt(scanner.pointer(), expected, found);
  }

  /** The refusal of a key. */
  public ModelFormatException refuseKey() {
    return refuse("no such key", "a key that is not supported");
  }

  /** A refusal at another place, a JSON pointer. */
  public ModelFormatException refuseAt(String pointer, String expected, String found) {
    return ModelFormatException.of(file, pointer, expected, found);
  }

  private void require(JsonKind kind, String expected) throws ModelFormatException {
    if (scanner.kind() != kind) {
      throw refuse(expected);
    }
  }

  private String currentText() {
    return new String(scanner.text(), scanner.start(), scanner.stop() - scanner.start());
  }

  /** How messages name the current value. */
  public String describe() {
    return switch (scanner.kind()) {
      case NOTHING -> "nothing";
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> '"' + currentText() + '"';
      default -> currentText();
    };
  }
}
