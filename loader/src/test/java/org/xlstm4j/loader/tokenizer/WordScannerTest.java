package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** The scanner by hand against the pattern it stands for. */
@Tag("slow")
final class WordScannerTest {
  /** White_Space, spelled out: Java's own classes leave some of it out. */
  private static final String SPACES =
      "\\t-\\r \\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}"
          + "\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}";

  private static final Pattern WORDS =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^%1$s\\p{L}\\p{N}]+|[%1$s]+(?![^%1$s])|[%1$s]+"
              .formatted(SPACES));

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.of("'", "s", "re", "ll", "'d", " ", "  ", "\n", "\t", "a", "1", "!"),
            Arbitraries.of("\u00A0", "\u0085", "\u2167", "\u00BD", "\u0301", "\u200D", "\u3000"),
            Arbitraries.integers()
                .between(0, Character.MAX_CODE_POINT)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .map(Character::toString))
        .list()
        .ofMaxSize(20)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 3000)
  void wordsAreThoseOfThePattern(@ForAll("texts") String text) {
    assertEquals(byPattern(text), byScanner(text));
  }

  @Example
  void everyCharacterHasItsClass() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        String text = "a" + Character.toString(c) + "1" + Character.toString(c) + "!";
        assertEquals(byPattern(text), byScanner(text), text);
      }
    }
  }

  private static List<String> byPattern(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORDS.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  private static List<String> byScanner(String text) {
    char[] characters = text.toCharArray();
    List<String> words = new ArrayList<>();
    int from = 0;
    while (from < characters.length) {
      int end = WordScanner.end(characters, from, characters.length);
      words.add(new String(characters, from, end - from));
      from = end;
    }
    return words;
  }
}
