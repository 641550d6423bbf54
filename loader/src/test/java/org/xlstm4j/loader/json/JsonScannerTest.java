package org.xlstm4j.loader.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xlstm4j.loader.files.ModelFormatException;

/** The scanner reads what a general parser reads, with the same values, and refuses the rest. */
class JsonScannerTest {
  private static final String REFUSED = "refused";

  private static final JsonFactory PARSERS =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Pieces of JSON in any order: some are whole texts, most have one thing wrong or another. */
  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            " ",
            "\n",
            "\"a\"",
            "\"\"",
            "\"b\\n\\u00e9\\\"\"",
            "\"",
            "0",
            "-1",
            "12",
            "1.5",
            "2e3",
            "-0.5E-7",
            "01",
            "1.",
            "-",
            "true",
            "false",
            "null",
            "nul",
            "NaN",
            "Infinity",
            "\\",
            "\"\\u12\"",
            "\"\\x\"",
            "\"\t\"",
            "\u00e9")
        .list()
        .ofMaxSize(9)
        .map(parts -> String.join("", parts));
  }

  /** Whole texts. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> leaves =
        Arbitraries.of(
            "0",
            "-12",
            "1.25",
            "3e-2",
            "\"x\"",
            "\"\\\\ \\/ \\ud83d\\ude00\"",
            "true",
            "null",
            "-Infinity",
            "[]",
            "{ }");
    return Arbitraries.recursive(
        () -> leaves,
        inner -> inner.tuple2().map(two -> "[" + two.get1() + " , {\"k\\t\":" + two.get2() + "}]"),
        0,
        4);
  }

  @Property
  void piecesAreReadOrRefusedAlike(@ForAll("pieces") String json) throws IOException {
    assertEquals(byParser(json), byScanner(json));
  }

  @Property(tries = 200)
  void textsAreReadAlike(@ForAll("texts") String json) throws IOException {
    assertEquals(byParser(json), byScanner(json));
  }

  private static String byParser(String json) throws IOException {
    StringBuilder values = new StringBuilder();
    try (JsonParser parser = PARSERS.createParser(json)) {
      if (parser.nextToken() == null) {
        return REFUSED;
      }
      append(parser, values);
      return parser.nextToken() == null ? values.toString() : REFUSED;
    } catch (JsonProcessingException e) {
      return REFUSED;
    }
  }

  private static void append(JsonParser parser, StringBuilder values) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        values.append('{');
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          values.append(parser.currentName()).append(':');
          parser.nextToken();
          append(parser, values);
        }
        values.append('}');
      }
      case START_ARRAY -> {
        values.append('[');
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          append(parser, values);
        }
        values.append(']');
      }
      default -> values.append(parser.getText()).append(';');
    }
  }

  private static String byScanner(String json) {
    StringBuilder values = new StringBuilder();
    JsonScanner scanner = new JsonScanner(Path.of("x"), json.toCharArray(), json.length());
    try {
      scanner.first();
      append(scanner, values);
    } catch (ModelFormatException e) {
      return REFUSED;
    }
    return scanner.ended() ? values.toString() : REFUSED;
  }

  private static void append(JsonScanner scanner, StringBuilder values)
      throws ModelFormatException {
    switch (scanner.kind()) {
      case OBJECT -> {
        values.append('{');
        while (scanner.nextEntry()) {
          values.append(scanner.key()).append(':');
          append(scanner, values);
        }
        values.append('}');
      }
      case ARRAY -> {
        values.append('[');
        while (scanner.nextElement()) {
          append(scanner, values);
        }
        values.append(']');
      }
      default ->
          values
              .append(scanner.text(), scanner.start(), scanner.stop() - scanner.start())
              .append(';');
    }
  }
}
