package org.xlstm4j.models.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Quantiles between a model's levels lie on straight lines; beyond them they stay. */
class QuantileInterpolationTest {
  private static final Forecast FORECAST =
      new Forecast(List.of(0.5, 0.1, 0.9), 2, 1, new float[] {4, 2, 10, -1, -3, 7});

  private static float[] at(Double... levels) {
    return new QuantileInterpolation(List.of(levels)).of(FORECAST).quantiles();
  }

  @Test
  void liesOnTheLineBetweenTheNeighbors() {
    assertArrayEquals(new float[] {3, 7, -2, 3}, at(0.3, 0.7), 1e-6f);
    assertArrayEquals(new float[] {2, 4, 10, -3, -1, 7}, at(0.1, 0.5, 0.9));
    assertArrayEquals(new float[] {8.5f, 2.5f, 5, -2.5f}, at(0.8, 0.2), 1e-6f);
  }

  @Test
  void staysBeyondTheOutermostLevels() {
    assertArrayEquals(new float[] {2, 10, -3, 7}, at(0.01, 0.99));
    QuantileInterpolation wanted = new QuantileInterpolation(List.of(0.01, 0.1, 0.9, 0.95));
    assertEquals(List.of(0.01, 0.95), wanted.beyond(FORECAST.levels()));
  }

  @Test
  void keepsTheRestOfTheForecast() {
    Forecast some = new QuantileInterpolation(List.of(0.6)).of(FORECAST);
    assertEquals(List.of(0.6), some.levels());
    assertEquals(2, some.horizon());
    assertEquals(1, some.reach());
    assertSame(FORECAST, new QuantileInterpolation(FORECAST.levels()).of(FORECAST));
    Forecast lone = new Forecast(List.of(0.5), 1, 1, new float[] {3});
    assertArrayEquals(
        new float[] {3, 3}, new QuantileInterpolation(List.of(0.1, 0.6)).of(lone).quantiles());
  }

  @Test
  void refusesWhatIsNoLevel() {
    for (List<Double> levels :
        List.of(
            List.<Double>of(),
            List.of(0.0),
            List.of(1.0),
            List.of(Double.NaN),
            List.of(-0.5),
            List.of(0.5, 0.5))) {
      assertThrows(IllegalArgumentException.class, () -> new QuantileInterpolation(levels));
    }
  }
}
