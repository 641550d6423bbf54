package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Normalizer;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class NfcTest {
  /** Characters that compose, decompose and reorder, all of Unicode 9. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.chars().range('\u0300', '\u036F'),
            Arbitraries.chars().range('A', '\u0250'),
            Arbitraries.chars().range('\u1100', '\u11FF'),
            Arbitraries.chars().range('\u1E00', '\u1FFF'),
            Arbitraries.of('\u0344', '\u0F73', '\u093C', '\u0928', '\u0958', '\u2126', '\uAC00'))
        .map(String::valueOf)
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Property
  void textIsInFormC(@ForAll("texts") String text) {
    assertEquals(form(text), Nfc.normalize(text));
  }

  @Property
  void longRunsOfMarksAreInFormC(@ForAll("texts") String text) {
    String marks = "\u0344\u0301\u0327\u0345\u0323\u093E\u0F73".repeat(11);
    assertEquals(form(text + marks + text), Nfc.normalize(text + marks + text));
  }

  @Example
  void veryLongRunsOfMarksTakeNoMinutes() {
    String marks = "\u0301\u0327".repeat(250_000);
    String expected = "\u0229" + "\u0327".repeat(249_999) + "\u0301".repeat(250_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertEquals(expected, Nfc.normalize("e" + marks)));
  }

  @Example
  void marksLaterThanUnicode9PartTheText() {
    assertEquals("e\u07FD\u0301", Nfc.normalize("e\u07FD\u0301"));
    assertEquals("\u00E9\u1DF6\u0327", Nfc.normalize("e\u0301\u1DF6\u0327"));
    String later = Character.toString(0x11935) + Character.toString(0x11930);
    assertEquals(later, Nfc.normalize(later));
  }

  @Example
  void plainTextIsInFormC() {
    StringBuilder plain = new StringBuilder();
    for (char c = 0; c < Character.MIN_SURROGATE; c++) {
      if (Nfc.isPlain(new char[] {c}, 0, 1)) {
        String one = String.valueOf(c);
        assertEquals(one, form(one));
        assertEquals("\u0301" + one, Normalizer.normalize("\u0301" + one, Normalizer.Form.NFC));
        plain.append(c);
      }
    }
    assertTrue(plain.length() > 30_000);
    assertEquals(plain.toString(), form(plain.toString()));
    assertFalse(Nfc.isPlain(new char[] {'e', '\u0301'}, 0, 2));
  }

  private static String form(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }
}
