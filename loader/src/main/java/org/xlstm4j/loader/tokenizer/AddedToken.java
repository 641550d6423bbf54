package org.xlstm4j.loader.tokenizer;

/**
 * A token that is looked for in the text before all else.
 *
 * @param id its id
 * @param content its text as written in the file
 * @param pattern the text to look for, and that it decodes to
 * @param special whether it has a meaning beyond its text
 * @param singleWord whether it counts only where no word character touches it
 * @param stripLeft whether it swallows the white space before it
 * @param stripRight whether it swallows the white space after it
 * @param normalized whether it is looked for in the normalized text
 */
record AddedToken(
    int id,
    String content,
    String pattern,
    boolean special,
    boolean singleWord,
    boolean stripLeft,
    boolean stripRight,
    boolean normalized) {

  /**
   * Whether it is found only in texts of one's own, never in what somebody else wrote. Runs of
   * white space are the exception: they stand for nothing but themselves.
   */
  boolean guarded() {
    return special || !pattern.isBlank();
  }

  /** This token with its pattern in normalization form C, if it is to be normalized. */
  AddedToken inFormC() {
    return normalized
        ? new AddedToken(
            id, content, Nfc.normalize(content), special, singleWord, stripLeft, stripRight, true)
        : this;
  }
}
