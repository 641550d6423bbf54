package org.xlstm4j.models.language;

import java.util.SplittableRandom;
import org.xlstm4j.models.blocks.Logits;

/**
 * Chooses the next token from logits: repetition penalty, then top-k, top-p and min-p on the
 * probabilities at the given temperature. The same seed and logits give the same tokens.
 *
 * <p>Not thread-safe: it remembers the tokens it has chosen.
 */
public final class Sampler {
  /** How many of the last tokens the repetition penalty looks back on. */
  private static final int MEMORY = 64;

  private final Settings settings;
  private final SplittableRandom random;
  private final int[] recent = new int[MEMORY];
  private long seen;
  private float[] scores = new float[0];
  private final Ranking ranking = new Ranking();

  /**
   * How to choose.
   *
   * @param temperature 0 for the most likely token always; 1 for the model's own probabilities
   * @param topK keep the k most likely tokens; 0 for all
   * @param topP keep the most likely tokens that together have this probability; 1 for all
   * @param minP keep tokens at least this fraction as likely as the most likely one; 0 for all
   * @param repeatPenalty divides positive and multiplies negative logits of recent tokens; 1 for
   *     none
   */
  public record Settings(
      double temperature, int topK, double topP, double minP, double repeatPenalty) {

    /** Checks the ranges. */
    public Settings {
      check(temperature >= 0 && temperature < 1e6, "temperature", temperature, "0 or more");
      check(topK >= 0, "top-k", topK, "0 or more");
      check(topP > 0 && topP <= 1, "top-p", topP, "above 0 and at most 1");
      check(minP >= 0 && minP <= 1, "min-p", minP, "between 0 and 1");
      check(repeatPenalty > 0 && repeatPenalty < 1e6, "repeat-penalty", repeatPenalty, "above 0");
    }

    private static void check(boolean holds, String name, double value, String expected) {
      if (!holds) {
        throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
      }
    }

    /**
     * The most likely token always.
     *
     * @return settings without chance
     */
    public static Settings greedy() {
      return new Settings(0, 0, 1, 0, 1);
    }
  }

  /**
   * A sampler that chooses differently each time, if there is chance in its settings.
   *
   * @param settings how to choose
   */
  public Sampler(Settings settings) {
    this(settings, new SplittableRandom());
  }

  /**
   * A sampler whose choices can be repeated.
   *
   * @param settings how to choose
   * @param seed of the random choice
   */
  public Sampler(Settings settings, long seed) {
    this(settings, new SplittableRandom(seed));
  }

  private Sampler(Settings settings, SplittableRandom random) {
    this.settings = settings;
    this.random = random;
  }

  /**
   * Tells of a token of the prompt, for the repetition penalty.
   *
   * @param token its id
   */
  public void remember(int token) {
    recent[(int) (seen++ % MEMORY)] = token;
  }

  /**
   * Chooses a token and remembers it.
   *
   * @param logits one value a token; not changed
   * @param count how many tokens may be chosen: ids from 0 to {@code count - 1}
   * @return the id; of equally likely ones the smallest when temperature is 0
   * @throws IllegalStateException if the largest logit is not finite
   */
  public int next(float[] logits, int count) {
    if (scores.length < count) {
      scores = new float[count];
    }
    System.arraycopy(logits, 0, scores, 0, count);
    penalizeRepetition(count);
    int token = settings.temperature() == 0 ? Logits.largest(scores, 0, count) : draw(count);
    remember(token);
    return token;
  }

  private void penalizeRepetition(int count) {
    if (settings.repeatPenalty() == 1) {
      return;
    }
    float penalty = (float) settings.repeatPenalty();
    int remembered = (int) Math.min(seen, MEMORY);
    for (int i = 0; i < remembered; i++) {
      int token = recent[i];
      if (token < count && !occursBefore(i)) {
        scores[token] = scores[token] > 0 ? scores[token] / penalty : scores[token] * penalty;
      }
    }
  }

  private boolean occursBefore(int index) {
    for (int i = 0; i < index; i++) {
      if (recent[i] == recent[index]) {
        return true;
      }
    }
    return false;
  }

  private int draw(int count) {
    float top = scores[Logits.largest(scores, 0, count)];
    boolean all = settings.topK() == 0 && settings.topP() == 1;
    int kept = settings.topK() == 0 ? count : Math.min(settings.topK(), count);
    if (!all) {
      ranking.rank(scores, count, kept);
    }
    double total = 0;
    for (int i = 0; i < kept; i++) {
      total += weight(token(i, all), top);
    }
    if (settings.topP() < 1) {
      double wanted = settings.topP() * total;
      total = 0;
      int i = 0;
      while (i < kept && total < wanted) {
        total += weight(token(i++, all), top);
      }
      kept = Math.max(i, 1);
    }
    double choice = random.nextDouble() * total;
    int last = token(0, all);
    for (int i = 0; i < kept; i++) {
      double weight = weight(token(i, all), top);
      if (weight > 0) {
        last = token(i, all);
        choice -= weight;
        if (choice < 0) {
          return last;
        }
      }
    }
    return last;
  }

  /** Probability relative to the most likely token; 0 below min-p. */
  private double weight(int token, float top) {
    // a product with the inverse would be no number at temperatures whose inverse is infinite
    double weight = Math.exp((scores[token] - top) / settings.temperature());
    return weight >= settings.minP() ? weight : 0;
  }

  private int token(int rank, boolean all) {
    return all ? rank : ranking.token(rank);
  }
}
