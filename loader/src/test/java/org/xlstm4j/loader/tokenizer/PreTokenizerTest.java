package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.files.ModelFormatException;

/** How texts are cut into words; the expected pieces are those of the Hugging Face library. */
final class PreTokenizerTest {
  private static final String SEQUENCE = "{\"type\": \"Sequence\", \"pretokenizers\": [%s, %s]}";
  private static final String SPLIT =
      "{\"type\": \"Split\", \"pattern\": %s, \"behavior\": \"%s\", \"invert\": %b}";
  private static final String WHOLE_PIECES = TokenizerJson.byteLevel(false, false);

  private static List<String> pieces(String split, String text) throws IOException {
    TokenizerJson json = new TokenizerJson().preTokenizer(SEQUENCE.formatted(split, WHOLE_PIECES));
    json.modelOptions("\"ignore_merges\": true");
    // every piece of the text may be a token, so that pieces can be seen
    for (int from = 0; from < text.length(); from++) {
      for (int to = from + 2; to <= text.length(); to++) {
        if (!json.json().contains("\"" + text.substring(from, to) + "\":")) {
          json.token(text.substring(from, to));
        }
      }
    }
    Tokenizer tokenizer = json.read();
    List<String> pieces = new ArrayList<>();
    for (int id : tokenizer.encode(text)) {
      pieces.add(tokenizer.piece(id));
    }
    return pieces;
  }

  @ParameterizedTest
  @CsvSource({
    "Isolated, false, -, a|-|-|b|-",
    "Isolated, true, -, a|-|-|b|-",
    "Removed, false, -, a|b",
    "Removed, true, -, -|-|-",
    "Contiguous, false, -, a|--|b|-",
    "Contiguous, true, -, a|--|b|-",
    "MergedWithPrevious, false, -, a-|-|b-",
    "MergedWithPrevious, true, -, a|-|-b|-",
    "MergedWithNext, false, -, a|-|-b|-",
    "MergedWithNext, true, -, a-|-|b-",
  })
  void matchesAreKeptJoinedOrLeftOut(
      String behavior, boolean inverted, String pattern, String expected) throws IOException {
    String regex = SPLIT.formatted("{\"Regex\": \"" + pattern + "\"}", behavior, inverted);
    assertEquals(List.of(expected.split("\\|")), pieces(regex, "a--b-"));
    String text = SPLIT.formatted("{\"String\": \"" + pattern + "\"}", behavior, inverted);
    assertEquals(List.of(expected.split("\\|")), pieces(text, "a--b-"));
  }

  @Test
  void aTextIsTakenAsItIs() throws IOException {
    String split = SPLIT.formatted("{\"String\": \"a.\"}", "Isolated", false);
    assertEquals(List.of("a.", "ab"), pieces(split, "a.ab"));
  }

  @Test
  void digitsAreOneOrMany() throws IOException {
    String digits = "{\"type\": \"Digits\", \"individual_digits\": %b}";
    assertEquals(List.of("a", "12", "b"), pieces(digits.formatted(false), "a12b"));
    assertEquals(List.of("a", "1", "2", "b"), pieces(digits.formatted(true), "a12b"));
  }

  @Test
  void everyPieceGetsItsSpace() throws IOException {
    String split = SPLIT.formatted("{\"String\": \"-\"}", "Removed", false);
    TokenizerJson json =
        new TokenizerJson()
            .preTokenizer(SEQUENCE.formatted(split, TokenizerJson.byteLevel(true, true)));
    assertEquals(" a b", json.read().decode(json.read().encode("a-b")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"a\"}, \"behavior\": \"Isolated\","
            + " \"invert\": false}",
        "{\"type\": \"Sequence\", \"pretokenizers\": []}",
        "{\"type\": \"Sequence\"}",
        "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Digits\","
            + " \"individual_digits\": true}]}",
        "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"ByteLevel\","
            + " \"add_prefix_space\": false}, {\"type\": \"Digits\", \"individual_digits\": true}]}",
        "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Sequence\","
            + " \"pretokenizers\": []}]}",
        "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"invert\": true}",
        "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"pretokenizers\": []}",
        "{\"type\": \"Metaspace\"}",
        "{}",
        "null",
      })
  void whatIsNotSupportedIsRefused(String preTokenizer) {
    assertRefused(preTokenizer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}, \"behavior\": \"Isolated\"",
        "{\"Regex\": \"\"}, \"behavior\": \"Isolated\"",
        "{\"Regex\": \"a\", \"String\": \"a\"}, \"behavior\": \"Isolated\"",
        "{\"String\": \"\"}, \"behavior\": \"Isolated\"",
        "{\"Glob\": \"a\"}, \"behavior\": \"Isolated\"",
        "\"a\", \"behavior\": \"Isolated\"",
        "{\"String\": \"a\"}, \"behavior\": \"isolated\"",
        "{\"String\": \"a\"}",
        "{\"String\": \"a\"}, \"behavior\": \"Isolated\", \"use_regex\": true",
      })
  void splitsThatDoNotAddUpAreRefused(String rest) {
    assertRefused(
        SEQUENCE.formatted(
            "{\"type\": \"Split\", \"invert\": false, \"pattern\": " + rest + "}", WHOLE_PIECES));
  }

  @Test
  void patternsAreShort() throws IOException {
    String longest = "[" + "a".repeat(4094) + "]";
    String split = SPLIT.formatted("{\"Regex\": \"" + longest + "\"}", "Isolated", false);
    assertEquals(List.of("b", "a"), pieces(split, "ba"));
    for (String key : List.of("Regex", "String")) {
      String tooLong = "{\"" + key + "\": \"" + longest + "a\"}";
      assertRefused(SEQUENCE.formatted(SPLIT.formatted(tooLong, "Isolated", false), WHOLE_PIECES));
    }
  }

  private static void assertRefused(String preTokenizer) {
    TokenizerJson json = new TokenizerJson().preTokenizer(preTokenizer);
    ModelFormatException refused = assertThrows(ModelFormatException.class, json::read);
    assertTrue(refused.getMessage().contains("/pre_tokenizer"), refused.getMessage());
  }
}
