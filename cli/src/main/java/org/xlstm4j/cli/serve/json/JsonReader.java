package org.xlstm4j.cli.serve.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads one JSON object of bounded depth: maps, lists, strings, {@code Long}, {@code Double} and
 * {@code Boolean}. A field that is null counts as absent, as clients mean it. A key that is there
 * twice, bytes that are no UTF-8 and halves of surrogate pairs are refused.
 */
final class JsonReader {
  private static final int DEPTH = 32;

  /** Most fields and elements of lists, but those of lists of numbers: each may take 100 bytes. */
  private static final int MOST_VALUES = 65_536;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH)
                  .maxNumberLength(64)
                  .maxNameLength(256)
                  .maxStringLength(Integer.MAX_VALUE) // the body's length is bounded
                  .build())
          .build();

  private final JsonParser parser;

  /** Fields in whose values lists of numbers are arrays. */
  private final Set<String> numeric;

  private int values;

  private JsonReader(JsonParser parser, Set<String> numeric) {
    this.parser = parser;
    this.numeric = numeric;
  }

  static Map<String, Object> object(byte[] json, Set<String> numeric) throws JsonException {
    CharBuffer text = text(json);
    try (JsonParser parser =
        JSON.createParser(new CharArrayReader(text.array(), 0, text.limit()))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonException("", "the body is no JSON object");
      }
      Map<String, Object> object = new JsonReader(parser, numeric).object();
      if (parser.nextToken() != null) {
        throw new JsonException("", "the body holds more than one JSON value");
      }
      return object;
    } catch (JsonProcessingException e) {
      throw new JsonException("", "the body is no JSON that can be read: " + where(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CharBuffer text(byte[] json) throws JsonException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
    } catch (CharacterCodingException e) {
      throw new JsonException("", "the body is not UTF-8");
    }
  }

  private static String where(JsonProcessingException failure) {
    String message = failure.getOriginalMessage().lines().findFirst().orElse("");
    return failure.getLocation() == null
        ? message
        : message.replaceFirst(" \\(start marker.*", "")
            + ", at character "
            + failure.getLocation().getCharOffset();
  }

  private Map<String, Object> object() throws IOException, JsonException {
    Map<String, Object> object = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      count();
      String name = whole(parser.currentName());
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        object.put(name, value(numeric.contains(name)));
      }
    }
    return object;
  }

  private List<Object> list(boolean arrays) throws IOException, JsonException {
    List<Object> list = new ArrayList<>();
    for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
      count();
      list.add(value(arrays));
    }
    return list;
  }

  private void count() throws JsonException {
    if (++values > MOST_VALUES) {
      throw new JsonException(
          "", "the body holds more than " + MOST_VALUES + " values outside of lists of numbers");
    }
  }

  private double[] numbers() throws IOException, JsonException {
    double[] numbers = new double[16];
    int count = 0;
    for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      if (parser.currentToken() == JsonToken.VALUE_NULL) {
        numbers[count] = Double.NaN;
      } else if (parser.currentToken().isNumeric()) {
        numbers[count] = parser.getDoubleValue();
      } else {
        throw new JsonException(
            "",
            "value "
                + count
                + " of a list of numbers is none, expected numbers, null where one is missing");
      }
      count++;
    }
    return Arrays.copyOf(numbers, count);
  }

  private Object value(boolean arrays) throws IOException, JsonException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object();
      case START_ARRAY -> {
        JsonToken first = parser.nextToken();
        boolean array = arrays && (first.isNumeric() || first == JsonToken.VALUE_NULL);
        yield array ? numbers() : list(arrays);
      }
      case VALUE_STRING -> whole(parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_NUMBER_INT -> integer(parser);
      default -> throw new JsonException("", "the body holds null in a list");
    };
  }

  private static Object integer(JsonParser parser) throws IOException {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return parser.getDoubleValue();
    }
    return parser.getLongValue();
  }

  private static String whole(String text) throws JsonException {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new JsonException("", "the body holds half a surrogate pair");
        }
        i++;
      }
    }
    return text;
  }
}
