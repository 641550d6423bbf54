package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
  private static final float[] LOGITS = {1, 3, 2, -1, 3, 0};

  @Test
  void greedyTakesTheFirstOfTheLikeliest() {
    assertEquals(1, new Sampler(Sampler.Settings.greedy()).next(LOGITS, LOGITS.length));
  }

  @Test
  void topKKeepsTheLikeliest() {
    int[] counts = counts(new Sampler.Settings(1, 2, 1, 0, 1), 7, LOGITS, 4000);
    assertEquals(4000, counts[1] + counts[4]);
    assertTrue(Math.abs(counts[1] - counts[4]) < 400, counts[1] + " and " + counts[4]);
  }

  @Test
  void topPKeepsTheNucleus() {
    int[] counts = counts(new Sampler.Settings(1, 0, 0.6, 0, 1), 7, LOGITS, 2000);
    assertEquals(2000, counts[1] + counts[4]);
  }

  @Test
  void minPLeavesOutTheUnlikely() {
    int[] counts = counts(new Sampler.Settings(1, 0, 1, 0.3, 1), 7, LOGITS, 2000);
    assertEquals(2000, counts[1] + counts[2] + counts[4]);
    assertTrue(counts[2] > 0);
  }

  @Test
  void temperatureOneGivesTheModelsProbabilities() {
    int draws = 200_000;
    int[] counts = counts(new Sampler.Settings(1, 0, 1, 0, 1), 3, LOGITS, draws);
    double total = 0;
    for (float logit : LOGITS) {
      total += Math.exp(logit);
    }
    for (int token = 0; token < LOGITS.length; token++) {
      assertEquals(Math.exp(LOGITS[token]) / total, counts[token] / (double) draws, 0.005);
    }
  }

  /** The inverse of the first is infinite. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-320, Double.MIN_VALUE, 1e-300, 1e-5})
  void hardlyAnyTemperatureTakesTheLikeliest(double temperature) {
    float[] logits = {1, 2, 4, 3};
    int[] counts = counts(new Sampler.Settings(temperature, 0, 1, 0, 1), 7, logits, 100);
    assertEquals(100, counts[2]);
    counts = counts(new Sampler.Settings(temperature, 3, 0.9, 0.1, 1), 7, logits, 100);
    assertEquals(100, counts[2]);
  }

  @Test
  void refusesLogitsThatAreNoNumbers() {
    for (float damaged : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] logits = {damaged, 1, 2};
      Sampler greedy = new Sampler(Sampler.Settings.greedy());
      assertThrows(IllegalStateException.class, () -> greedy.next(logits, 3));
      Sampler drawing = new Sampler(new Sampler.Settings(1, 0, 1, 0, 1), 7);
      assertThrows(IllegalStateException.class, () -> drawing.next(logits, 3));
    }
  }

  @Test
  void theSelectionOfManyEqualsSorting() {
    Random random = new Random(5);
    float[] logits = new float[5000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    assertEquals(best, new Sampler(new Sampler.Settings(1, 1, 1, 0, 1), 1).next(logits, 5000));
  }

  @Test
  void repetitionIsPenalized() {
    Sampler sampler = new Sampler(new Sampler.Settings(0, 0, 1, 0, 2), 0);
    assertEquals(1, sampler.next(LOGITS, LOGITS.length));
    assertEquals(4, sampler.next(LOGITS, LOGITS.length));
    assertEquals(2, sampler.next(LOGITS, LOGITS.length));
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Sampler.Settings(-1, 0, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Sampler.Settings(1, 0, 0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Sampler.Settings(1, 0, 1, 2, 1));
  }

  @Test
  void stopStringsAreHeldBackAndEndTheText() {
    StopFilter filter = new StopFilter(List.of("END", "xyz"));
    assertEquals("ab", filter.append("abE"));
    assertEquals("EEN", filter.append("ENEN"));
    assertEquals("", filter.append("D and more"));
    assertTrue(filter.stopped());
    assertEquals("", filter.flush());
    StopFilter open = new StopFilter(List.of("END"));
    assertEquals("", open.append("EN"));
    assertEquals("EN", open.flush());
  }

  private static int[] counts(Sampler.Settings settings, long seed, float[] logits, int draws) {
    Sampler sampler = new Sampler(settings, seed);
    int[] counts = new int[logits.length];
    for (int i = 0; i < draws; i++) {
      counts[sampler.next(logits, logits.length)]++;
    }
    return counts;
  }
}
