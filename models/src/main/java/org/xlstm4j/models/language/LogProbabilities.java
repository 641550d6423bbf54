package org.xlstm4j.models.language;

import java.util.ArrayList;
import java.util.List;

/** Log probabilities from logits. Not thread-safe: it keeps its working space. */
final class LogProbabilities {
  private final int choices;
  private final int alternatives;
  private final Ranking ranking = new Ranking();

  /**
   * For choices of one kind.
   *
   * @param choices tokens that may be chosen: ids from 0
   * @param alternatives how many of the likeliest to tell
   */
  LogProbabilities(int choices, int alternatives) {
    this.choices = choices;
    this.alternatives = Math.min(alternatives, choices);
  }

  /**
   * A choice with its log probabilities.
   *
   * @param logits all of the model's, which together have probability 1
   * @param chosen the token
   */
  TokenChoice of(float[] logits, int chosen) {
    double total = logSumOfExponentials(logits);
    ranking.rank(logits, choices, alternatives);
    List<TokenProbability> likeliest = new ArrayList<>(alternatives);
    for (int place = 0; place < alternatives; place++) {
      int token = ranking.token(place);
      likeliest.add(new TokenProbability(token, logits[token] - total));
    }
    return new TokenChoice(new TokenProbability(chosen, logits[chosen] - total), likeliest);
  }

  private static double logSumOfExponentials(float[] logits) {
    float top = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      top = Math.max(top, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - top);
    }
    return top + Math.log(sum);
  }
}
