package org.xlstm4j.models.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The seasonal naive forecast in numbers that can be checked by hand. */
class SeasonalNaiveTest {
  private static final float NONE = Float.NaN;

  @Test
  void repeatsTheLastSeason() {
    float[] past = {9, 1, 2, 3, 4};
    assertArrayEquals(new float[] {2, 3, 4, 2, 3}, new SeasonalNaive(3).values(past, 5));
    assertArrayEquals(new float[] {4, 4}, new SeasonalNaive(1).values(past, 2));
  }

  @Test
  void takesTheSeasonBeforeWhereAValueIsMissing() {
    assertArrayEquals(
        new float[] {1, 4, 1}, new SeasonalNaive(2).values(new float[] {1, 2, NONE, 4}, 3));
    assertArrayEquals(
        new float[] {4, 4}, new SeasonalNaive(2).values(new float[] {NONE, 2, NONE, 4}, 2));
    assertArrayEquals(new float[] {7}, new SeasonalNaive(4).values(new float[] {7, NONE}, 1));
  }

  /** Differences between seasons: 1, 3, 2, 4; sorted magnitudes 1, 2, 3, 4. */
  @Test
  void bandsComeFromThePastsDifferences() {
    float[] past = {0, 10, 1, 13, 3, 17};
    Forecast forecast = new SeasonalNaive(2).forecast(past, 3, List.of(0.1, 0.5, 0.75, 1 - 0.1));
    // the 0.8-quantile of the magnitudes is 3.4, their 0.5-quantile 2.5
    assertArrayEquals(
        new float[] {-0.4f, 3, 5.5f, 6.4f}, Arrays.copyOf(forecast.quantiles(), 4), 1e-5f);
    assertEquals(17, forecast.quantile(1, 1));
    double second = Math.sqrt(2);
    assertEquals(3 - 3.4 * second, forecast.quantile(2, 0), 1e-5);
    assertEquals(3 + 2.5 * second, forecast.quantile(2, 2), 1e-5);
  }

  @Test
  void meanErrorIsThatOfOneSeasonAhead() {
    assertEquals(2.5, new SeasonalNaive(2).meanError(new float[] {0, 10, 1, 13, 3, 17}));
    assertEquals(1.5, new SeasonalNaive(1).meanError(new float[] {1, 2, NONE, 4, 6}));
    assertEquals(Double.NaN, new SeasonalNaive(3).meanError(new float[] {1, 2, 3}));
    assertThrows(IllegalArgumentException.class, () -> new SeasonalNaive(0));
  }
}
