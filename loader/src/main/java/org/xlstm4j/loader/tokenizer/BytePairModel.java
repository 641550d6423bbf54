package org.xlstm4j.loader.tokenizer;

/** A byte pair encoding; immutable. */
final class BytePairModel {
  private final Vocabulary vocabulary;
  private final int tokenCount;
  private final MergeTable merges;
  private final boolean keepsWholeTokens;
  private final int[] byteTokens = new int[256];

  /**
   * A byte pair encoding.
   *
   * @param vocabulary its tokens
   * @param tokenCount how many they are, less than the vocabulary's size if their ids have gaps
   * @param merges which pairs of them merge
   * @param keepsWholeTokens whether a word that is a token is taken whole, whatever its merges give
   */
  BytePairModel(
      Vocabulary vocabulary, int tokenCount, MergeTable merges, boolean keepsWholeTokens) {
    this.vocabulary = vocabulary;
    this.tokenCount = tokenCount;
    this.merges = merges;
    this.keepsWholeTokens = keepsWholeTokens;
    for (int value = 0; value < byteTokens.length; value++) {
      byteTokens[value] = vocabulary.find(new char[] {ByteAlphabet.character(value)}, 0, 1);
    }
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  int tokenCount() {
    return tokenCount;
  }

  MergeTable merges() {
    return merges;
  }

  boolean keepsWholeTokens() {
    return keepsWholeTokens;
  }

  /** The token of a byte, 0 to 255, or {@link Vocabulary#NONE}: such bytes of a text are lost. */
  int byteToken(int value) {
    return byteTokens[value];
  }
}
