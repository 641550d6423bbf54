package org.xlstm4j.models.language;

/**
 * How well a model predicts a text: the mean negative log-likelihood of its tokens and what follows
 * from it.
 *
 * @param tokens scored tokens
 * @param meanNll mean negative log-likelihood a token, natural logarithm
 * @param standardError standard error of {@link #perplexity}, from the spread of the tokens'
 *     log-likelihoods
 */
public record Perplexity(long tokens, double meanNll, double standardError) {
  /** Tokens scored in one pass: enough for dense products, few enough to keep their logits. */
  private static final int BATCH = 128;

  /** Called after each batch. */
  public interface Progress {
    /**
     * Tells how far it is.
     *
     * @param done tokens scored so far
     * @param total tokens to score
     */
    void update(long done, long total);
  }

  /**
   * Perplexity.
   *
   * @return e to the mean negative log-likelihood
   */
  public double perplexity() {
    return Math.exp(meanNll);
  }

  /**
   * Scores a text as one stream: begin token, then the text, state carried on.
   *
   * @param session a new session
   * @param begin the begin token, fed and not scored
   * @param text its tokens
   * @param progress told after each batch
   * @return the result over all tokens of the text
   */
  public static Perplexity ofStream(
      LanguageSession session, int begin, int[] text, Progress progress) {
    Sum sum = new Sum(session.model().vocabularySize());
    session.reset();
    sum.score(session, begin, text, 0, text.length, text.length, progress);
    return sum.result();
  }

  /**
   * Scores a text in windows, each from a fresh state and fed as begin token and all but its last
   * token; an incomplete last window is left out.
   *
   * @param session used for all windows
   * @param begin the begin token, fed and not scored
   * @param text its tokens
   * @param window tokens a window, at least 1
   * @param progress told after each batch
   * @return the result over all whole windows
   */
  public static Perplexity ofWindows(
      LanguageSession session, int begin, int[] text, int window, Progress progress) {
    Sum sum = new Sum(session.model().vocabularySize());
    int total = text.length / window * window;
    for (int first = 0; first < total; first += window) {
      session.reset();
      sum.score(session, begin, text, first, window, total, progress);
    }
    return sum.result();
  }

  /** Running sums over scored tokens. */
  private static final class Sum {
    private final int vocabularySize;
    private final float[] logits;
    private double nll;
    private double squares;
    private long tokens;

    Sum(int vocabularySize) {
      this.vocabularySize = vocabularySize;
      logits = new float[Math.multiplyExact(BATCH, vocabularySize)];
    }

    void score(
        LanguageSession session,
        int begin,
        int[] text,
        int first,
        int count,
        long total,
        Progress progress) {
      int[] fed = new int[count];
      if (count > 0) {
        fed[0] = begin;
        System.arraycopy(text, first, fed, 1, count - 1);
      }
      for (int done = 0; done < count; done += BATCH) {
        int batch = Math.min(BATCH, count - done);
        session.score(fed, done, batch, logits);
        for (int i = 0; i < batch; i++) {
          add(logNll(i * vocabularySize, text[first + done + i]));
        }
        progress.update(tokens, total);
      }
    }

    private double logNll(int offset, int target) {
      double top = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < vocabularySize; i++) {
        top = Math.max(top, logits[offset + i]);
      }
      double sum = 0;
      for (int i = 0; i < vocabularySize; i++) {
        sum += Math.exp(logits[offset + i] - top);
      }
      return Math.log(sum) + top - logits[offset + target];
    }

    private void add(double value) {
      nll += value;
      squares += value * value;
      tokens++;
    }

    Perplexity result() {
      if (tokens == 0) {
        return new Perplexity(0, Double.NaN, Double.NaN);
      }
      double mean = nll / tokens;
      double variance = Math.max(squares / tokens - mean * mean, 0);
      double error = tokens > 1 ? Math.sqrt(variance / (tokens - 1)) : Double.NaN;
      return new Perplexity(tokens, mean, Math.exp(mean) * error);
    }
  }
}
