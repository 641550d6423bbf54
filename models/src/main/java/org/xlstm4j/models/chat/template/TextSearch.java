package org.xlstm4j.models.chat.template;

/** Finds a text in others by the method of Knuth, Morris and Pratt, in linear time. */
final class TextSearch {
  private final String part;

  /** For each length of a beginning of the part, the longest other beginning that it ends with. */
  private final int[] fallback;

  /** A search for a text of at least one character. */
  TextSearch(String part) {
    this.part = part;
    fallback = new int[part.length() + 1];
    int length = 0;
    for (int i = 1; i < part.length(); i++) {
      length = goOn(length, part.charAt(i));
      fallback[i + 1] = length;
    }
  }

  private int goOn(int matched, char character) {
    int length = matched;
    while (length > 0 && part.charAt(length) != character) {
      length = fallback[length];
    }
    return part.charAt(length) == character ? length + 1 : 0;
  }

  /** The first place in a text, from an index on, or -1. */
  int indexIn(String text, int from) {
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      matched = goOn(matched, text.charAt(i));
      if (matched == part.length()) {
        return i + 1 - matched;
      }
    }
    return -1;
  }
}
