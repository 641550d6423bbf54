package org.xlstm4j.loader.tokenizer;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * Goes through a JSON file value by value and refuses what is not of the type asked for. All
 * methods that take a value take the current one; it stays current.
 */
final class JsonCursor {
  private final Path file;
  private final JsonScanner scanner;

  /** A cursor before the value of a file whose text is {@code text[0..length)}, for its use. */
  JsonCursor(Path file, char[] text, int length) {
    this.file = file;
    scanner = new JsonScanner(file, text, length);
  }

  /** Goes to the value of the file. */
  void start() throws ModelFormatException {
    scanner.first();
  }

  /** Requires that nothing follows the value of the file. */
  void requireEnd() throws ModelFormatException {
    if (!scanner.ended()) {
      throw refuse("the end of the file", "more");
    }
  }

  /** Enters the current object. */
  void enterObject() throws ModelFormatException {
    require(JsonScanner.Kind.OBJECT, "an object");
  }

  /** Goes on to the value of the next key; false at the end of the object. */
  boolean nextEntry() throws ModelFormatException {
    return scanner.nextEntry();
  }

  /**
   * Goes on to the value of the next key, which is not among those seen; null at the end of the
   * object.
   */
  @Nullable String nextKey(Set<String> seen) throws ModelFormatException {
    if (!scanner.nextEntry()) {
      return null;
    }
    String key = scanner.key();
    if (!seen.add(key)) {
      throw refuseAt(scanner.pointer(), "each key once", "this key twice");
    }
    return key;
  }

  /** Where the key of the current value begins in {@link #text}. */
  int keyStart() {
    return scanner.keyStart();
  }

  /** Where it ends. */
  int keyStop() {
    return scanner.keyStop();
  }

  /** Enters the current array. */
  void enterArray() throws ModelFormatException {
    require(JsonScanner.Kind.ARRAY, "an array");
  }

  /** Goes on to the next element; false at the end of the array. */
  boolean nextElement() throws ModelFormatException {
    return scanner.nextElement();
  }

  /** Goes to the end of the current object or array, whatever it holds. */
  void skip() throws ModelFormatException {
    scanner.skip();
  }

  boolean isNull() {
    return scanner.kind() == JsonScanner.Kind.NULL;
  }

  boolean isString() {
    return scanner.kind() == JsonScanner.Kind.STRING;
  }

  boolean booleanValue() throws ModelFormatException {
    if (scanner.kind() == JsonScanner.Kind.TRUE) {
      return true;
    }
    require(JsonScanner.Kind.FALSE, "true or false");
    return false;
  }

  /** A boolean, where null means false. */
  boolean flag() throws ModelFormatException {
    return !isNull() && booleanValue();
  }

  /** A number that may have a fraction. */
  double number() throws ModelFormatException {
    if (scanner.kind() != JsonScanner.Kind.NUMBER) {
      require(JsonScanner.Kind.INTEGER, "a number");
    }
    return Double.parseDouble(currentText());
  }

  /** A whole number from 0 to below {@code limit}. */
  int index(int limit) throws ModelFormatException {
    int from = scanner.start();
    int to = scanner.stop();
    if (scanner.kind() == JsonScanner.Kind.INTEGER && to - from < 11) {
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
  String string() throws ModelFormatException {
    requireString();
    requireWellFormed(scanner.start(), scanner.stop());
    return currentText();
  }

  @Nullable String stringOrNull() throws ModelFormatException {
    return isNull() ? null : string();
  }

  /** Refuses all but this text. */
  void requireString(String expected) throws ModelFormatException {
    if (!string().equals(expected)) {
      throw refuse('"' + expected + '"');
    }
  }

  /** Refuses all but a string. */
  void requireString() throws ModelFormatException {
    require(JsonScanner.Kind.STRING, "a string");
  }

  /** Refuses the object that has just ended if it lacks one of these keys. */
  void requireKeys(Set<String> seen, String... keys) throws ModelFormatException {
    for (String key : keys) {
      if (!seen.contains(key)) {
        throw refuse("a key \"" + key + '"', "none");
      }
    }
  }

  /** Refuses a key with lone surrogates, which escapes can bring in. */
  void requireWellFormedKey() throws ModelFormatException {
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

  /** The text with the current string's characters, see the next two. */
  char[] text() {
    return scanner.text();
  }

  int stringStart() {
    return scanner.start();
  }

  int stringStop() {
    return scanner.stop();
  }

  /** The refusal of the current value. */
  ModelFormatException refuse(String expected) {
    return refuse(expected, describe());
  }

  /** A refusal at the current place. */
  ModelFormatException refuse(String expected, String found) {
    return refuseAt(scanner.pointer(), expected, found);
  }

  /** The refusal of a key. */
  ModelFormatException refuseKey() {
    return refuse("no such key", "a key that is not supported");
  }

  /** A refusal at another place, a JSON pointer. */
  ModelFormatException refuseAt(String pointer, String expected, String found) {
    return ModelFormatException.of(file, pointer, expected, found);
  }

  private void require(JsonScanner.Kind kind, String expected) throws ModelFormatException {
    if (scanner.kind() != kind) {
      throw refuse(expected);
    }
  }

  private String currentText() {
    return new String(scanner.text(), scanner.start(), scanner.stop() - scanner.start());
  }

  private String describe() {
    return switch (scanner.kind()) {
      case NOTHING -> "nothing";
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> '"' + currentText() + '"';
      default -> currentText();
    };
  }
}
