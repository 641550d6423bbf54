package org.xlstm4j.engine.kernels;

import org.xlstm4j.engine.tokens.Columns;

/**
 * What a few tokens bring to the matrix memories of a layer's heads, and where their results go:
 * the operands of {@link MlstmKernels}. Made once and filled again for each step; arrays grow to
 * the largest size.
 */
public final class MlstmTokens {
  private static final int MAX = MlstmKernels.MAX_TOKENS;

  private int count;
  private int firstToken;
  private int keyWidth;
  private int valueWidth;
  private float[] keys = new float[0];
  private float[] queries = new float[0];
  private float[] decays = new float[0];
  private float[] scales = new float[0];
  private Columns values = new Columns(keys, 0, 0);
  private Columns results = values;

  /** No tokens yet. */
  public MlstmTokens() {}

  /**
   * Begins anew. Then gates, keys and queries are to be put in.
   *
   * @param tokens 1 to {@link MlstmKernels#MAX_TOKENS}
   * @param heads number of heads
   * @param newKeyWidth width of a head's keys
   * @param newValues {@code heads} times as many values as a memory has columns
   * @param newValueWidth columns of a memory
   * @param newResults receives as many results as there are values
   */
  public void begin(
      int tokens,
      int heads,
      int newKeyWidth,
      Columns newValues,
      int newValueWidth,
      Columns newResults) {
    count = tokens;
    firstToken = 0;
    keyWidth = newKeyWidth;
    valueWidth = newValueWidth;
    values = newValues;
    results = newResults;
    if (keys.length < MAX * heads * keyWidth) {
      keys = new float[MAX * heads * keyWidth];
      queries = new float[keys.length];
    }
    if (decays.length < MAX * heads) {
      decays = new float[MAX * heads];
      scales = new float[decays.length];
    }
  }

  /**
   * Leaves out tokens of the values and results: those of other sequences.
   *
   * @param tokens how many come before the first of these
   */
  public void startAt(int tokens) {
    firstToken = tokens;
  }

  /**
   * Puts in a token's gates of a head.
   *
   * @param decay the stabilized forget gate, 0 to 1
   * @param scale what the sums are multiplied by: the queries' factor over the normalizer
   */
  public void setGates(int head, int token, float decay, float scale) {
    decays[index(head, token)] = decay;
    scales[index(head, token)] = scale;
  }

  /** Where a token's gates of a head are: those of the next token follow. */
  public int index(int head, int token) {
    return head * count + token;
  }

  /** How many tokens there are. */
  public int count() {
    return count;
  }

  /** Rows of a memory. */
  public int keyWidth() {
    return keyWidth;
  }

  /** Columns of a memory. */
  public int valueWidth() {
    return valueWidth;
  }

  /** What a token multiplies the memory by. */
  public float decay(int head, int token) {
    return decays[index(head, token)];
  }

  /** What a token's sums are multiplied by. */
  public float scale(int head, int token) {
    return scales[index(head, token)];
  }

  /** Keys already multiplied by the stabilized input gate, of all heads and tokens. */
  public float[] keys() {
    return keys;
  }

  /** Queries, placed as the keys are. */
  public float[] queries() {
    return queries;
  }

  /** Where a token's keys and queries of a head start; those of the next token follow. */
  public int keyAt(int head, int token) {
    return index(head, token) * keyWidth;
  }

  /** Values of all heads and tokens. */
  public float[] values() {
    return values.data();
  }

  /** Where a token's values of a head start. */
  public int valueAt(int head, int token) {
    return values.at(firstToken + token) + head * valueWidth;
  }

  /** Results of all heads and tokens. */
  public float[] results() {
    return results.data();
  }

  /** Where a token's results of a head start. */
  public int resultAt(int head, int token) {
    return results.at(firstToken + token) + head * valueWidth;
  }
}
