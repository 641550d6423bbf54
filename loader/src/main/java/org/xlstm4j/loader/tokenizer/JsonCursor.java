package org.xlstm4j.loader.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.ModelFormatException;

/**
 * Goes through a JSON file value by value and refuses what is not of the type asked for. All
 * methods that take a value take the current one; it stays current. What is no JSON ends in the
 * parser's {@link JsonProcessingException}.
 */
final class JsonCursor {
  private static final int DEEPEST = 16;

  /** Names are not shared: a vocabulary has each one once. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build();

  private final Path file;
  private final JsonParser parser;

  /** A cursor before the value of a file. */
  JsonCursor(Path file, CharBuffer text) throws IOException {
    this.file = file;
    parser = JSON.createParser(text.array(), text.arrayOffset(), text.remaining());
  }

  /** Goes to the value of the file. */
  void start() throws IOException {
    parser.nextToken();
  }

  /** Requires that nothing follows the value of the file. */
  void requireEnd() throws IOException {
    if (parser.nextToken() != null) {
      throw refuse("the end of the file");
    }
  }

  /** Enters the current object. */
  void enterObject() throws IOException {
    require(JsonToken.START_OBJECT, "an object");
  }

  /** Goes on to the value of the next key; null at the end of the object. */
  @Nullable String nextKey() throws IOException {
    String key = parser.nextFieldName();
    if (key != null) {
      parser.nextToken();
    }
    return key;
  }

  /** As {@link #nextKey()}, and refuses a key that is among those seen. */
  @Nullable String nextKey(Set<String> seen) throws IOException {
    String key = nextKey();
    if (key != null && !seen.add(key)) {
      throw refuse("each key once", "this key twice");
    }
    return key;
  }

  /** Enters the current array. */
  void enterArray() throws IOException {
    require(JsonToken.START_ARRAY, "an array");
  }

  /** Goes on to the next element; false at the end of the array. */
  boolean nextElement() throws IOException {
    return parser.nextToken() != JsonToken.END_ARRAY;
  }

  /** Goes to the end of the current object or array, whatever it holds. */
  void skip() throws IOException {
    parser.skipChildren();
  }

  boolean isNull() {
    return parser.hasToken(JsonToken.VALUE_NULL);
  }

  boolean isString() {
    return parser.hasToken(JsonToken.VALUE_STRING);
  }

  /** Refuses all but null: the file asks for what is not supported. */
  void requireNull() throws IOException {
    require(JsonToken.VALUE_NULL, "null, as this is not supported");
  }

  boolean booleanValue() throws IOException {
    if (parser.hasToken(JsonToken.VALUE_TRUE)) {
      return true;
    }
    require(JsonToken.VALUE_FALSE, "true or false");
    return false;
  }

  /** A boolean, where null means false. */
  boolean flag() throws IOException {
    return !isNull() && booleanValue();
  }

  /** A number that may have a fraction. */
  double number() throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
      require(JsonToken.VALUE_NUMBER_INT, "a number");
    }
    return parser.getDoubleValue();
  }

  /** A whole number from 0 to below {@code limit}. */
  int index(int limit) throws IOException {
    if (parser.hasToken(JsonToken.VALUE_NUMBER_INT)
        && parser.getNumberType() == JsonParser.NumberType.INT) {
      int value = parser.getIntValue();
      if (value >= 0 && value < limit) {
        return value;
      }
    }
    throw refuse("a whole number from 0 to below " + limit);
  }

  /** A text in well-formed Unicode. */
  String string() throws IOException {
    requireString();
    String text = parser.getText();
    requireWellFormed(text);
    return text;
  }

  @Nullable String stringOrNull() throws IOException {
    return isNull() ? null : string();
  }

  /** Refuses all but this text. */
  void requireString(String expected) throws IOException {
    if (!string().equals(expected)) {
      throw refuse('"' + expected + '"');
    }
  }

  /** Refuses all but a string. */
  void requireString() throws IOException {
    require(JsonToken.VALUE_STRING, "a string");
  }

  /** Refuses the object that has just ended if it lacks one of these keys. */
  void requireKeys(Set<String> seen, String... keys) throws IOException {
    for (String key : keys) {
      if (!seen.contains(key)) {
        throw refuse("a key \"" + key + '"', "none");
      }
    }
  }

  /** Refuses text with lone surrogates, which JSON escapes can bring in. */
  void requireWellFormed(String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          throw refuse("well-formed Unicode", "half of a surrogate pair");
        }
        i++;
      }
    }
  }

  /** The array that holds the current string, see the next two. */
  char[] stringArray() throws IOException {
    return parser.getTextCharacters();
  }

  int stringStart() throws IOException {
    return parser.getTextOffset();
  }

  int stringEnd() throws IOException {
    return parser.getTextOffset() + parser.getTextLength();
  }

  /** The refusal of the current value. */
  ModelFormatException refuse(String expected) throws IOException {
    return refuse(expected, describe());
  }

  /** A refusal at the current place. */
  ModelFormatException refuse(String expected, String found) {
    String pointer = parser.getParsingContext().pathAsPointer().toString();
    return refuseAt(pointer.isEmpty() ? "/" : pointer, expected, found);
  }

  /** The refusal of a key. */
  ModelFormatException refuseKey() {
    return refuse("no such key", "a key that is not supported");
  }

  /** A refusal at another place, a JSON pointer. */
  ModelFormatException refuseAt(String pointer, String expected, String found) {
    return ModelFormatException.of(file, pointer, expected, found);
  }

  /** The parser's complaint as a refusal. */
  ModelFormatException refuse(JsonProcessingException complaint) {
    JsonLocation location = parser.currentLocation();
    String place = "line " + location.getLineNr() + " column " + location.getColumnNr();
    return refuseAt(place, "valid JSON", complaint.getOriginalMessage());
  }

  private void require(JsonToken token, String expected) throws IOException {
    if (!parser.hasToken(token)) {
      throw refuse(expected);
    }
  }

  private String describe() throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return "the end of the file";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> '"' + parser.getText() + '"';
      default -> parser.getText();
    };
  }
}
