package org.xlstm4j.loader.tokenizer;

/** The classes of characters that patterns distinguish, as the Unicode standard defines them. */
final class CharacterClass {
  /** White_Space: {@code \s}. */
  static final byte SPACE = 0;

  /** General category L: {@code \p{L}}. */
  static final byte LETTER = 1;

  /** General category N: {@code \p{N}}. */
  static final byte NUMBER = 2;

  /** All others. */
  static final byte OTHER = 3;

  private static final int LETTERS =
      (1 << Character.UPPERCASE_LETTER)
          | (1 << Character.LOWERCASE_LETTER)
          | (1 << Character.TITLECASE_LETTER)
          | (1 << Character.MODIFIER_LETTER)
          | (1 << Character.OTHER_LETTER);
  private static final int NUMBERS =
      (1 << Character.DECIMAL_DIGIT_NUMBER)
          | (1 << Character.LETTER_NUMBER)
          | (1 << Character.OTHER_NUMBER);
  private static final int MARKS =
      (1 << Character.NON_SPACING_MARK)
          | (1 << Character.COMBINING_SPACING_MARK)
          | (1 << Character.ENCLOSING_MARK);
  private static final int WORD_TYPES =
      MARKS | (1 << Character.DECIMAL_DIGIT_NUMBER) | (1 << Character.CONNECTOR_PUNCTUATION);

  private static final byte[] ASCII = new byte[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = find(c);
    }
  }

  private CharacterClass() {}

  /** The class of a code point. */
  static byte of(int codePoint) {
    return codePoint < 128 ? ASCII[codePoint] : find(codePoint);
  }

  private static byte find(int codePoint) {
    int type = 1 << Character.getType(codePoint);
    if ((type & LETTERS) != 0) {
      return LETTER;
    }
    if ((type & NUMBERS) != 0) {
      return NUMBER;
    }
    return isWhiteSpace(codePoint) ? SPACE : OTHER;
  }

  /** White_Space; unlike {@link Character#isWhitespace} with the no-break spaces and U+0085. */
  private static boolean isWhiteSpace(int codePoint) {
    return (codePoint >= '\t' && codePoint <= '\r')
        || codePoint == 0x85
        || Character.isSpaceChar(codePoint);
  }

  /** General category M. */
  static boolean isMark(int codePoint) {
    return ((1 << Character.getType(codePoint)) & MARKS) != 0;
  }

  /** {@code \w}: alphabetic, mark, decimal digit, connector punctuation or join control. */
  static boolean isWord(int codePoint) {
    return Character.isAlphabetic(codePoint)
        || ((1 << Character.getType(codePoint)) & WORD_TYPES) != 0
        || codePoint == 0x200C
        || codePoint == 0x200D;
  }
}
