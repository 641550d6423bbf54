package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every text and every sequence of ids. */
final class TokenizerPropertiesTest {
  private static final Tokenizer NEOX;
  private static final Tokenizer MINI;

  static {
    try {
      NEOX = SampleTokenizers.neox();
      MINI = SampleTokenizers.mini();
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Any UTF-16, with lone surrogates, combining marks and spaces made frequent. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(3),
            Arbitraries.strings().withCharRange('\uD7F0', '\uE010').ofMaxLength(3),
            Arbitraries.strings().withCharRange('\u0300', '\u0370').ofMaxLength(4),
            Arbitraries.strings().ascii().ofMaxLength(8),
            Arbitraries.of(
                "\uD83D\uDE00", " ", "   ", "\n", "'s", "'ll", "e\u0301", "\uAC00\u11A8"))
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Property
  void decodingGivesTheNormalizedTextBack(@ForAll("texts") String text) {
    String expected = Nfc.normalize(wellFormed(text));
    assertEquals(expected, NEOX.decode(NEOX.encode(text)));
    assertEquals(expected, MINI.decode(MINI.encode(text)));
  }

  @Provide
  Arbitrary<int[]> ids() {
    return Arbitraries.oneOf(
            Arbitraries.integers().between(0, 8191), Arbitraries.integers().between(2, 257))
        .array(int[].class)
        .ofMaxSize(40);
  }

  @Property
  void streamedTextIsTheWholeText(@ForAll("ids") int[] ids) {
    StreamingDecoder decoder = MINI.streamingDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      String part = decoder.append(id);
      assertFalse(!part.isEmpty() && Character.isLowSurrogate(part.charAt(0)));
      text.append(part);
    }
    text.append(decoder.flush());
    assertEquals(MINI.decode(ids), text.toString());
    assertEquals("", decoder.flush());
  }

  private static String wellFormed(String text) {
    StringBuilder result = new StringBuilder();
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(result::appendCodePoint);
    return result.toString();
  }
}
