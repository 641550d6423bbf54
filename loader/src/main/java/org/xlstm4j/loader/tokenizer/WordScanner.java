package org.xlstm4j.loader.tokenizer;

/**
 * GPT-2's word pattern, by hand.
 *
 * <pre>{@code
 * 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * }</pre>
 */
final class WordScanner {
  private WordScanner() {}

  /**
   * The end of the word that begins at {@code from}.
   *
   * @param text well-formed UTF-16
   * @param to where the text ends, greater than {@code from}
   */
  static int end(char[] text, int from, int to) {
    char first = text[from];
    if (first == '\'') {
      int end = contractionEnd(text, from, to);
      if (end > from) {
        return end;
      }
    }
    int start = first == ' ' && from + 1 < to ? from + 1 : from;
    byte kind = CharacterClass.of(Character.codePointAt(text, start, to));
    if (kind != CharacterClass.SPACE) {
      return runEnd(kind, text, start, to);
    }
    // White space leaves its last character to the word after it.
    int end = runEnd(kind, text, start, to);
    return end < to && end > from + 1 ? end - 1 : end;
  }

  private static int runEnd(byte kind, char[] text, int from, int to) {
    int i = from;
    while (i < to) {
      char character = text[i];
      if (character < 128) {
        if (CharacterClass.of(character) != kind) {
          break;
        }
        i++;
      } else {
        int codePoint = Character.codePointAt(text, i, to);
        if (CharacterClass.of(codePoint) != kind) {
          break;
        }
        i += Character.charCount(codePoint);
      }
    }
    return i;
  }

  /** The end of 's, 't, 'm, 'd, 're, 've or 'll at {@code from}, or {@code from} for none. */
  private static int contractionEnd(char[] text, int from, int to) {
    if (from + 1 == to) {
      return from;
    }
    char second = text[from + 1];
    if (second == 's' || second == 't' || second == 'm' || second == 'd') {
      return from + 2;
    }
    if (from + 2 < to) {
      char third = text[from + 2];
      if (((second == 'r' || second == 'v') && third == 'e') || (second == 'l' && third == 'l')) {
        return from + 3;
      }
    }
    return from;
  }
}
