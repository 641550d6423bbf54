package org.xlstm4j.models.tirex;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastSession;
import org.xlstm4j.models.testing.Golden;

/** What a forecast is at the ends of its range: indices, horizons, values. */
class ForecastTest {
  private static ForecastModel open() throws IOException {
    return ForecastModel.open(Golden.pretrained("tirex-mini"));
  }

  private static float[] waves(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 20 + (float) Math.sin(i / 7.0);
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "0, -1", "3, 0", "-1, 1", "-1, 2", "2, 2147483647"})
  void thereAreNoOtherStepsAndLevels(int step, int level) {
    Forecast forecast = new Forecast(List.of(0.1, 0.5), 3, 3, new float[] {1, 2, 3, 4, 5, 6});
    assertEquals(4, forecast.quantile(1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> forecast.quantile(step, level));
  }

  @Test
  void aReachIsPartOfTheHorizon() {
    assertThrows(
        IllegalArgumentException.class, () -> new Forecast(List.of(0.5), 1, 2, new float[1]));
    assertThrows(
        IllegalArgumentException.class, () -> new Forecast(List.of(0.5), 1, -1, new float[1]));
  }

  /** Beyond it the forecast is the same for every series, before it is not. */
  @ParameterizedTest
  @CsvSource({"0, 1, 1024", "40, 1, 992", "0, 40, 1120", "0, 16, 1024"})
  void tellsHowFarTheSeriesReaches(int missingAtTheEnd, int patchesPerPass, int reach)
      throws IOException {
    int horizon = 1120;
    float[] first = waves(1300);
    float[] second = waves(1300);
    for (int i = 0; i < first.length; i++) {
      second[i] *= 3;
    }
    Arrays.fill(first, 1300 - missingAtTheEnd, 1300, Float.NaN);
    Arrays.fill(second, 1300 - missingAtTheEnd, 1300, Float.NaN);
    try (ForecastModel model = open()) {
      List<Forecast> forecasts =
          model.forecast(List.of(first, second), horizon, patchesPerPass, Team.of(1));
      for (Forecast forecast : forecasts) {
        assertEquals(reach, forecast.reach());
      }
      float[] one = forecasts.getFirst().median();
      float[] other = forecasts.getLast().median();
      assertNotEquals(one[reach - 1], other[reach - 1], 1);
      for (int step = reach; step < horizon; step++) {
        assertEquals(one[step], other[step], 1e-3);
      }
    }
  }

  @Test
  void nothingReachesNowhere() throws IOException {
    try (ForecastModel model = open()) {
      assertEquals(0, model.newSession(Team.of(1)).forecast(3).reach());
      float[] missing = {Float.NaN, Float.NaN};
      assertEquals(0, model.forecast(List.of(missing), 3, 1, Team.of(1)).getFirst().reach());
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {3.4e38f, -1.1e30f, Float.POSITIVE_INFINITY})
  void valuesThatLeaveNoRoomAreRefused(float value) throws IOException {
    try (ForecastModel model = open()) {
      List<float[]> series = List.of(new float[] {1}, new float[] {1, 2, value});
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class, () -> model.forecast(series, 1, 1, Team.of(1)));
      assertTrue(refusal.getMessage().startsWith("series 1, value 2 is " + value), "its place");
      ForecastSession session = model.newSession(Team.of(1));
      assertThrows(IllegalArgumentException.class, () -> session.add(1, 2, value));
      assertEquals(0, session.length());
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {1e30f, 1e-30f, 1e-44f})
  void whateverIsLetInGivesNumbers(float size) throws IOException {
    float[] values = waves(200);
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 3 == 0 ? size : -size;
    }
    try (ForecastModel model = open()) {
      Forecast forecast = model.forecast(List.of(values), 40, 1, Team.of(1)).getFirst();
      for (float quantile : forecast.quantiles()) {
        assertTrue(Float.isFinite(quantile), "not finite");
      }
    }
  }

  /** As the original, whose 32-bit mean rounds for most values, but for few small whole numbers. */
  @Test
  void equalValuesAreForecastAsTheyAreWhereTheirSumRounds() throws IOException {
    try (ForecastModel model = open()) {
      for (float value : new float[] {-1234.567f, 0.1f, 1e30f, 5, 0}) {
        float[] values = new float[100];
        Arrays.fill(values, value);
        float[] median = model.forecast(List.of(values), 70, 1, Team.of(1)).getFirst().median();
        if (value == 5 || value == 0) {
          assertNotEquals(value, median[0]);
          assertEquals(value, median[0], 0.05);
        } else {
          float[] expected = new float[70];
          Arrays.fill(expected, value);
          assertArrayEquals(expected, median);
        }
      }
    }
  }
}
