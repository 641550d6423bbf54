package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where added tokens are found; the expected pieces are those of the Hugging Face library. */
final class AddedTokensTest {
  private final TokenizerJson json = new TokenizerJson();

  private void assertPieces(String text, String... pieces) throws IOException {
    Tokenizer tokenizer = json.read();
    List<String> found = new ArrayList<>();
    for (int id : tokenizer.encode(text)) {
      found.add(tokenizer.piece(id));
    }
    assertEquals(List.of(pieces), found);
  }

  @Test
  void theLongestOfTheLeftmostIsTaken() throws IOException {
    json.added("ab");
    json.added("abcd");
    json.added("bcde");
    assertPieces("abcdeab", "abcd", "e", "ab");
    assertPieces("abcxbcde", "ab", "c", "x", "bcde");
  }

  @Test
  void singleWordsTouchNoWordCharacter() throws IOException {
    json.added("ab", "single_word");
    assertPieces("ab", "ab");
    assertPieces("ab-ab", "ab", "-", "ab");
    assertPieces("ab_", "a", "b", "_");
    assertPieces("1ab", "1", "a", "b");
    assertPieces("abab", "a", "b", "a", "b");
    assertPieces("\u0301ab", "Ì", "ģ", "a", "b");
  }

  @Test
  void aTokenThatIsNoSingleWordHidesAnother() throws IOException {
    json.added("ab", "single_word");
    json.added("b-");
    assertPieces("xab-", "x", "a", "b", "-");
  }

  @Test
  void whiteSpaceAroundIsSwallowed() throws IOException {
    json.added("<l>", "lstrip");
    json.added("<r>", "rstrip");
    assertPieces(" \n<l> x", "<l>", "Ġ", "x");
    assertPieces("x <r>\u00A0\u3000x", "x", "Ġ", "<r>", "x");
    assertPieces("<r>  <l>", "<r>", "<l>");
    assertPieces("<r> \u200B", "<r>", "â", "Ģ", "ĭ");
  }

  @Test
  void swallowedWhiteSpaceCanBeAnotherToken() throws IOException {
    json.added("<r>", "rstrip");
    json.added("  ");
    assertPieces("<r>    x", "<r>", "  ", "  ", "x");
  }

  @Test
  void whiteSpaceSwallowedFromBothSidesIsOneToken() throws IOException {
    json.added("  ", "lstrip", "rstrip");
    assertPieces("x    x", "x", "  ", "x");
  }

  @Test
  void normalizedTokensAreFoundInNormalizedText() throws IOException {
    json.added("日e\u0301", "normalized");
    json.added("語e\u0301");
    assertPieces("日\u00E9日e\u0301", "日\u00E9", "日\u00E9");
    assertPieces("語e\u0301", "語e\u0301");
    assertPieces("語\u00E9", "è", "ª", "ŀ", "Ã", "©");
  }

  @Test
  void tokensOfTheTextAsItIsComeFirstAndPartTheNormalization() throws IOException {
    json.added("<s>", "special");
    json.added("s>", "normalized");
    assertPieces("<s>s>", "<s>", "s>");
    assertPieces("<s>\u0338", "<s>", "Ì", "¸");
  }

  @Test
  void wordsEndAtAddedTokens() throws IOException {
    json.merge("Ġ", "Ġ");
    json.added("<s>");
    assertPieces("  <s>  x", "ĠĠ", "<s>", "Ġ", "Ġ", "x");
  }

  @Test
  void aTokenOfTheVocabularyKeepsItsId() throws IOException {
    int id = json.token("<s>");
    assertEquals(id, json.added("<s>", "special"));
    Tokenizer tokenizer = json.read();
    assertArrayEquals(new int[] {id}, tokenizer.encode("<s>"));
    assertEquals(id + 1, tokenizer.vocabularySize());
  }

  @Test
  void manySwallowedSpacesTakeLinearTime() throws IOException {
    json.added(" ", "rstrip");
    json.added("  ", "rstrip");
    assertEquals(500_000, json.read().encode(" ".repeat(1_000_000)).length);
  }

  @Test
  void aTokenWithinALongerOneIsFoundWhereTheLongerOneEndsEarly() throws IOException {
    json.added("bc");
    json.added("c");
    json.added("abcd");
    assertPieces("abce", "a", "bc", "e");
    assertPieces("abcabcd", "a", "bc", "abcd");
    assertPieces("acbbc", "a", "c", "b", "bc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"b", "a"})
  void longTokensTakeLinearTime(String last) throws IOException {
    json.added("a".repeat(100_000) + last);
    json.added("aa");
    Tokenizer tokenizer = json.read();
    int[] ids =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10), () -> tokenizer.encode("a".repeat(1_000_000)));
    // ten times the long one but for nine letters, or pairs
    assertEquals(last.equals("b") ? 500_000 : 9 + 49_996, ids.length);
  }

  @Test
  void thousandsOfTokensAreFound() throws IOException {
    for (int i = 0; i < 5000; i++) {
      json.added("<extra_" + i + ">");
    }
    assertPieces("<extra_7><extra_4999>", "<extra_7>", "<extra_4999>");
  }
}
