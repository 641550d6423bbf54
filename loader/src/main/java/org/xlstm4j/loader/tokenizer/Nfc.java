package org.xlstm4j.loader.tokenizer;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * Normalization form C by the tables of Unicode 9, which are those of the Hugging Face library.
 *
 * <p>Characters that later versions made combine are like any others to it. They part the text into
 * stretches that Java's normalizer, of a newer version, treats the same.
 */
final class Nfc {
  /** First and last of the ranges of characters after Unicode 9 that matter to normalization. */
  private static final int[] LATER = {
    0x7FD, 0x7FD, 0x897, 0x89F, 0x8CA, 0x8D3, 0x9FE, 0x9FE, 0xC3C, 0xC3C, 0xD3B, 0xD3C, 0xEBA,
    0xEBA, 0x1715, 0x1715, 0x1ABF, 0x1ACE, 0x1DF6, 0x1DFA, 0xA82C, 0xA82C, 0x105C9, 0x105C9,
    0x105D2, 0x105D2, 0x105DA, 0x105DA, 0x105E4, 0x105E4, 0x10D24, 0x10D27, 0x10D69, 0x10D6D,
    0x10EAB, 0x10EAC, 0x10EFD, 0x10EFF, 0x10F46, 0x10F50, 0x10F82, 0x10F85, 0x11070, 0x11070,
    0x1133B, 0x1133B, 0x11382, 0x11385, 0x1138B, 0x1138B, 0x1138E, 0x1138E, 0x11390, 0x11391,
    0x113B8, 0x113B8, 0x113BB, 0x113BB, 0x113C2, 0x113C2, 0x113C5, 0x113C5, 0x113C7, 0x113C9,
    0x113CE, 0x113D0, 0x1145E, 0x1145E, 0x11839, 0x1183A, 0x11930, 0x11930, 0x11935, 0x11935,
    0x11938, 0x11938, 0x1193D, 0x1193E, 0x11943, 0x11943, 0x119E0, 0x119E0, 0x11A34, 0x11A34,
    0x11A47, 0x11A47, 0x11A99, 0x11A99, 0x11D42, 0x11D42, 0x11D44, 0x11D45, 0x11D97, 0x11D97,
    0x11F41, 0x11F42, 0x1611E, 0x16129, 0x1612F, 0x1612F, 0x16D63, 0x16D63, 0x16D67, 0x16D6A,
    0x16FF0, 0x16FF1, 0x1E08F, 0x1E08F, 0x1E130, 0x1E136, 0x1E2AE, 0x1E2AE, 0x1E2EC, 0x1E2EF,
    0x1E4EC, 0x1E4EF, 0x1E5EE, 0x1E5EF
  };

  private Nfc() {}

  /**
   * Whether all characters are of blocks where nothing composes, decomposes or reorders. Then the
   * text is in form C; most texts are told so without the normalizer's tables.
   */
  static boolean isPlain(char[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      char character = text[i];
      if (character >= 0x300 && !isPlainBlock(character)) {
        return false;
      }
    }
    return true;
  }

  /** Cyrillic, dashes and quotation marks, Chinese characters, Hangul syllables. */
  private static boolean isPlainBlock(char character) {
    return (character >= 0x400 && character < 0x483)
        || (character >= 0x2010 && character < 0x2028)
        || (character >= 0x4E00 && character < 0xA000)
        || (character >= 0xAC00 && character < 0xD7A4);
  }

  /** Well-formed UTF-16 in normalization form C. */
  static String normalize(String text) {
    StringBuilder normalized = new StringBuilder(text.length());
    int from = 0;
    int i = 0;
    while (i < text.length()) {
      int codePoint = text.codePointAt(i);
      int after = i + Character.charCount(codePoint);
      if (isLater(codePoint)) {
        normalized.append(normalizeStretch(text.substring(from, i))).append(text, i, after);
        from = after;
      }
      i = after;
    }
    return normalized.append(normalizeStretch(text.substring(from))).toString();
  }

  private static String normalizeStretch(String text) {
    return Normalizer.normalize(CanonicalOrder.ofLongRuns(text), Normalizer.Form.NFC);
  }

  private static boolean isLater(int codePoint) {
    if (codePoint < LATER[0]) {
      return false;
    }
    int index = Arrays.binarySearch(LATER, codePoint);
    return index >= 0 || (-index - 1) % 2 == 1;
  }
}
