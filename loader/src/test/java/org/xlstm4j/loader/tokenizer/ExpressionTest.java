package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.json.JsonCursor;

/** Regular expressions of pre-tokenizers; the matches are those of the Hugging Face library. */
final class ExpressionTest {
  private static ExpressionMatcher matcher(String pattern) throws IOException {
    JsonCursor json = new JsonCursor(Path.of("tokenizer.json"), new byte[] {'0'});
    json.start();
    Expression expression = new ExpressionReader(json, pattern).read();
    return new ExpressionMatcher(new ExpressionProgram(expression, json));
  }

  private static List<String> matches(String pattern, String text) throws IOException {
    ExpressionMatcher matcher = matcher(pattern);
    // the text stands in the middle of others, which no match may look at
    String inner = "a" + text + "a";
    matcher.reset(inner.toCharArray(), 1, inner.length() - 1);
    List<String> matches = new ArrayList<>();
    while (matcher.next()) {
      matches.add(inner.substring(matcher.start(), matcher.end()));
    }
    return matches;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a~banana~a,a,a",
        "a|ab~ab~a",
        "ab|a~aba~ab,a",
        "(?:a|ab)(?:c|bcd)~abcd~abcd",
        "a+~baaab~aaa",
        "a*b~aaab-b~aaab,b",
        "a?b~aab~ab",
        "a{2}~aaaaa~aa,aa",
        "a{2,3}~aaaaaa~aaa,aaa",
        "a{2,}~aaaaa~aaaaa",
        "ba{,2}~baaa~baa",
        "(ab)+~ababa~abab",
        "(?i:'re|'S)x?~'Re's'\u017F~'Re,'s,'\u017F",
        "(?i:K[a-]z)~kAz\u212A-Z~kAz,\u212A-Z",
        "[a-c\\-x]+~ab-xd~ab-x",
        "[^a-c]~abd~d",
        "[a^-]+~b^a-~^a-",
        "[(\\[{|.]+~a([{|.]~([{|.",
        "\\d+~a1\u0663\u00BD~1\u0663",
        "\\p{N}+~a1\u0663\u00BDb~1\u0663\u00BD",
        "\\p{Lu}~aB\u00C4~B,\u00C4",
        "\\P{L}+~a12b~12",
        "[\\p{^L}]+~a12b~12",
        "\\p{Han}+~a\u4F60\u597D~\u4F60\u597D",
        "[\\S]+~a b~a,b",
        "x(?!\\S)~xy x~x",
        "x(?=y)~xy x~x",
        "\\s+(?!\\S)|\\s+~a   b~  , ",
        "\uD83D\uDE00+~\uD83D\uDE00\uD83D\uDE00\uD83D\uDE01~\uD83D\uDE00\uD83D\uDE00",
      })
  void theFirstAlternativeThatLeadsToAMatchIsTaken(String pattern, String text, String expected)
      throws IOException {
    assertEquals(List.of(expected.split(",", -1)), matches(pattern, text));
  }

  @Test
  void aDotIsAllButALineFeedAndABackslashTakesMeaningAway() throws IOException {
    assertEquals(List.of("a\r", "b"), matches(".+", "a\r\nb"));
    assertEquals(List.of(".*\\"), matches("\\.\\*\\\\", "a.*\\"));
    assertEquals(List.of("\n\r\t\f\u000B"), matches("\\n[\\r]\\t\\f\\v", "\n\r\t\f\u000B"));
  }

  /** Patterns of DeepSeek's and of GPT-4o's tokenizers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?"
            + "[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}|"
            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      })
  void publishedPatternsAreRead(String pattern) throws IOException {
    List<String> matches = matches(pattern, "\u4F60\u597D Hello's 123!\n\n+b");
    assertTrue(
        matches.contains(pattern.startsWith("[\u4E00") ? "\u4F60\u597D" : "!\n\n"),
        matches.toString());
  }

  @Test
  void nothingIsFoundWhereNothingIs() throws IOException {
    assertEquals(List.of(), matches("b", "aaa"));
    assertEquals(List.of(), matches("b", ""));
    assertEquals(List.of(), matches("x(?=a)", "x"));
    assertEquals(List.of("x"), matches("x(?!a)", "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a*",
        "a|",
        "(?!a)",
        "(?:a?)+",
        "(a*)*b",
        "a**",
        "a*?",
        "a++",
        "a{2}?",
        "a{3,2}",
        "a{0}",
        "a{",
        "a{x}",
        "a{2",
        "a{1001}",
        "(?:a{900}){900}",
        "(?:a{0,9}){9}",
        "(?:a|b|c)+",
        "(?:a?b?c)+",
        "*a",
        "+",
        "^a",
        "a$",
        "\\ba",
        "\\w",
        "\\h",
        "\\1",
        "\\u0041",
        "\\",
        "\\p",
        "\\p{L",
        "\\p{}",
        "\\p{C}",
        "\\p{Cn}",
        "\\p{NoSuch}",
        "[a",
        "[]",
        "[a[b]]",
        "[[:alpha:]]",
        "[a&&b]",
        "[b-a]",
        "[\\s-z]",
        "(a",
        "a)",
        "(?<name>a)",
        "(?<=a)b",
        "(?>a)",
        "(?i)a",
        "(?m:a)",
        "(?=ab)c",
        "(?i:\u00E9)",
        "(?i:[a-z])",
        "(?i:ss)",
        "(?i:aFi)"
      })
  void whatIsNotSupportedIsRefused(String pattern) {
    ModelFormatException refused =
        assertThrows(ModelFormatException.class, () -> matcher(pattern), pattern);
    assertTrue(refused.getMessage().contains("pattern"), refused.getMessage());
  }

  @Test
  void nestingIsBounded() {
    String deep = "(".repeat(100_000) + "a" + ")".repeat(100_000);
    assertThrows(ModelFormatException.class, () -> matcher(deep));
    String many = "a|".repeat(200_000) + "a";
    assertThrows(ModelFormatException.class, () -> matcher(many));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a*b|a",
        "(?:a+)+b|a",
        "(?:a|a)+b|a",
        "a*a*a*a*b|a",
        "(?:b?a)+c|a",
        "(?:(?:(?=a)|b)a)+c|a",
        "a+(?!a)b|a",
        "[^b]*b|a",
      })
  void theTimeIsLinearInTheText(String pattern) throws IOException {
    ExpressionMatcher matcher = matcher(pattern);
    char[] text = "a".repeat(1_000_000).toCharArray();
    int matches =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> {
              int count = 0;
              matcher.reset(text, 0, text.length);
              while (matcher.next()) {
                assertEquals(count, matcher.start());
                count++;
              }
              return count;
            });
    assertEquals(1_000_000, matches);
  }
}
