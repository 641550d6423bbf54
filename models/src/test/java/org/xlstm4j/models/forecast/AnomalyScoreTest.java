package org.xlstm4j.models.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.testing.Golden;

class AnomalyScoreTest {
  private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);

  @Test
  void distancesInHalfWidths() {
    Forecast forecast = new Forecast(LEVELS, 2, 2, new float[] {8, 9, 12, -3, -1, 1});
    assertEquals(0, AnomalyScore.of(forecast, 0, 8));
    assertEquals(0, AnomalyScore.of(forecast, 0, 12));
    assertEquals(1, AnomalyScore.of(forecast, 0, 14));
    assertEquals(2.5f, AnomalyScore.of(forecast, 0, 3));
    float[] scores = AnomalyScore.ofAll(forecast, 10, 5);
    assertArrayEquals(new float[] {0, 2}, scores);
    assertArrayEquals(new float[] {Float.NaN}, AnomalyScore.ofAll(forecast, Float.NaN));
    assertThrows(IndexOutOfBoundsException.class, () -> AnomalyScore.ofAll(forecast, 1, 2, 3));
  }

  /** Quantiles that cross, and a band without a width. */
  @Test
  void unusualBands() {
    Forecast crossed = new Forecast(LEVELS, 1, 1, new float[] {4, 9, 2});
    assertEquals(0, AnomalyScore.of(crossed, 0, 8));
    assertEquals(1, AnomalyScore.of(crossed, 0, -1.5f), 1e-6);
    Forecast flat = new Forecast(LEVELS, 1, 1, new float[] {5, 5, 5});
    assertEquals(0, AnomalyScore.of(flat, 0, 5));
    assertEquals(2e5, AnomalyScore.of(flat, 0, 6), 1);
    Forecast nothing = new Forecast(LEVELS, 1, 1, new float[3]);
    assertEquals(0, AnomalyScore.of(nothing, 0, 0));
    assertTrue(AnomalyScore.of(nothing, 0, 1) > 1e30f);
  }

  /** A wave that goes on is none; one whose last value is another is, there alone. */
  @Test
  void aSpikeStandsOut() throws IOException {
    float[] wave = new float[560];
    for (int i = 0; i < wave.length; i++) {
      wave[i] = (float) (Math.sin(i * 0.3) + 0.02 * Math.sin(i * i));
    }
    try (ForecastModel model = ForecastModel.open(Golden.pretrained("tirex-mini"))) {
      float[] past = Arrays.copyOf(wave, 544);
      Forecast forecast = model.forecast(List.of(past), 16, 1, Team.of(1)).getFirst();
      float[] next = Arrays.copyOfRange(wave, 544, 560);
      for (float score : AnomalyScore.ofAll(forecast, next)) {
        assertTrue(score < 3, "score " + score);
      }
      next[7] += 2;
      float[] scores = AnomalyScore.ofAll(forecast, next);
      assertTrue(scores[7] > 5, "score " + scores[7]);
      assertTrue(scores[6] < 3 && scores[8] < 3);
    }
  }
}
