package org.xlstm4j.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  @Test
  void linesBecomeOne() {
    assertEquals("a; b; c", Failures.oneLine(" a \r\n\n  b\t\n c\n"));
    assertEquals("a?[31mb?c", Failures.oneLine("a\u001b[31mb\u2028c"));
  }

  /** Halves of pairs, which cannot be written, and what turns a text around. */
  @Test
  void whatIsNotThereToSeeIsReplaced() {
    assertEquals("a?b?", Failures.printable("a\ud800b\udfff"));
    assertEquals("?exe.jpg? ?x?", Failures.printable("\u202eexe.jpg\u202c \u2066x\u2069"));
    String whole = "\ud83d\udc69\u200d\ud83d\ude80 \u0915\u094d\u200c\u0937 \u00e9";
    assertEquals(whole, Failures.printable(whole));
    String cut = Failures.oneLine("x".repeat(1999) + "\ud83d\ude80 and more");
    assertTrue(cut.endsWith("x?..."), cut);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\n", " \n", "x", "\t", "\u0000"})
  void aMegabyteIsShortenedAtOnce(String unit) {
    String text = "a" + unit.repeat((1 << 20) / unit.length()) + "b";
    assertTimeoutPreemptively(
        Duration.ofSeconds(1),
        () -> assertTrue(Failures.oneLine(text).length() < 5000, "longer than a line"));
  }
}
