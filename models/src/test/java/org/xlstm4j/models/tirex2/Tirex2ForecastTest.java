package org.xlstm4j.models.tirex2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastOptions;
import org.xlstm4j.models.forecast.ForecastOptions.Choice;
import org.xlstm4j.models.forecast.ForecastSession;
import org.xlstm4j.models.forecast.SeriesGroup;
import org.xlstm4j.models.testing.Golden;
import org.xlstm4j.models.testing.TensorFile;

/** What the original does not have or leaves open: horizons, sessions, refusals, tensors. */
@Tag("slow")
class Tirex2ForecastTest {
  /** The model forecasts 16 steps from 64 values in patches of 4. */
  private static ForecastModel open() throws IOException {
    return ForecastModel.open(Golden.root().resolve("tirex2/horizon"));
  }

  private static float[] waves(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 20 + (float) Math.sin(i / 3.0);
    }
    return values;
  }

  private static Forecast forecast(
      ForecastModel model, SeriesGroup group, ForecastOptions options) {
    return model.forecastGroups(List.of(group), options, Team.of(1)).getFirst().getFirst();
  }

  @Test
  void aLongerHorizonIsCutOrExtended() throws IOException {
    SeriesGroup group = SeriesGroup.of(waves(100));
    try (ForecastModel model = open()) {
      Forecast exact = forecast(model, group, ForecastOptions.of(16));
      Forecast cut = forecast(model, group, ForecastOptions.of(40));
      Forecast extended = forecast(model, group, ForecastOptions.of(40).extended());
      assertEquals(16, cut.horizon());
      assertArrayEquals(exact.quantiles(), cut.quantiles(), 1e-4f);
      assertEquals(40, extended.horizon());
      assertEquals(40, extended.reach());
      float[] first = Arrays.copyOf(extended.quantiles(), exact.quantiles().length);
      assertArrayEquals(exact.quantiles(), first, 1e-4f);
    }
  }

  /** The second pass sees the series followed by a horizon of missing values. */
  @Test
  void furtherPassesSeeMissingValues() throws IOException {
    float[] series = waves(100);
    float[] longer = Arrays.copyOf(series, 116);
    Arrays.fill(longer, 100, 116, Float.NaN);
    try (ForecastModel model = open()) {
      ForecastOptions options = ForecastOptions.of(32).withDifferencing(Choice.NO);
      Forecast extended = forecast(model, SeriesGroup.of(series), options.extended());
      Forecast second = forecast(model, SeriesGroup.of(longer), options);
      assertEquals(16, second.horizon());
      for (int step = 0; step < 16; step++) {
        assertEquals(second.median()[step], extended.median()[16 + step], 1e-4);
        // bands go on widening with the step
        double widens = Math.pow((17.0 + step) / (1 + step), 0.02);
        double distance = second.quantile(step, 8) - second.median()[step];
        assertEquals(
            widens * distance,
            extended.quantile(16 + step, 8) - extended.median()[16 + step],
            1e-4);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 64", "10, 64", "17, 48", "64, 0"})
  void tellsHowFarTheSeriesReaches(int missingAtTheEnd, int reach) throws IOException {
    float[] series = waves(300);
    Arrays.fill(series, 300 - missingAtTheEnd, 300, Float.NaN);
    try (ForecastModel model = open()) {
      ForecastOptions options = ForecastOptions.of(120).extended();
      assertEquals(reach, forecast(model, SeriesGroup.of(series), options).reach());
    }
  }

  /** What is known beyond the first pass changes the second alone. */
  @Test
  void covariatesKnownFurtherAheadAreUsed() throws IOException {
    float[] future = waves(140);
    float[] other = future.clone();
    other[131] = 40;
    List<float[]> target = List.of(waves(100));
    try (ForecastModel model = open()) {
      ForecastOptions options = ForecastOptions.of(40).extended();
      float[] one =
          forecast(model, new SeriesGroup(target, List.of(), List.of(future)), options).median();
      float[] two =
          forecast(model, new SeriesGroup(target, List.of(), List.of(other)), options).median();
      assertArrayEquals(Arrays.copyOf(one, 16), Arrays.copyOf(two, 16), 1e-5f);
      assertNotEquals(one[20], two[20], 1e-4);
    }
  }

  /** A trend is that of all values, of which a session has but the last. */
  @Test
  void sessionsForecastAsTheWholeSeriesDoes() throws IOException {
    try (ForecastModel model = open()) {
      ForecastSession session = model.newSession(Team.of(1));
      float[] series = new float[900];
      int trends = 0;
      for (int i = 0; i < series.length; i++) {
        float value = i < 450 ? i : 900 - i + (float) Math.sin(i);
        series[i] = i % 7 == 3 ? Float.NaN : value;
        session.add(series[i]);
        if (i % 53 == 0) {
          float[] past = Arrays.copyOf(series, i + 1);
          Forecast whole = forecast(model, SeriesGroup.of(past), ForecastOptions.of(9));
          assertArrayEquals(whole.quantiles(), session.forecast(9).quantiles(), 1e-3f);
          trends += Trend.of(past).isThere() ? 1 : 0;
        }
      }
      assertTrue(trends > 5 && trends < 16, "trends: " + trends);
      assertEquals(900, session.length());
      session.reset();
      assertEquals(0, session.forecast(3).reach());
    }
  }

  /** More than go through the network at once. */
  @Test
  void manyGroupsAreForecastAsEachAlone() throws IOException {
    try (ForecastModel model = open()) {
      List<SeriesGroup> groups = new ArrayList<>();
      for (int i = 0; i < 70; i++) {
        float[] row = waves(1 + 3 * i);
        List<float[]> past = i % 3 == 1 ? List.of(row, row) : List.of();
        List<float[]> future = i % 5 == 2 ? List.of(waves(row.length + 12)) : List.of();
        groups.add(new SeriesGroup(List.of(row), past, future));
      }
      ForecastOptions options = ForecastOptions.of(12).withSignFlip(Choice.YES);
      List<List<Forecast>> together = model.forecastGroups(groups, options, Team.of(2));
      for (int i = 0; i < groups.size(); i++) {
        float[] alone = forecast(model, groups.get(i), options).quantiles();
        assertArrayEquals(alone, together.get(i).getFirst().quantiles(), 1e-4f, "group " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {2e30f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void valuesThatLeaveNoRoomAreRefused(float value) throws IOException {
    float[] good = {1, 2, 3};
    float[] bad = {1, value, 3};
    float[] future = new float[10];
    future[9] = value;
    try (ForecastModel model = open()) {
      assertRefused(model, SeriesGroup.of(bad), "series 0, value 1 is " + value);
      List<float[]> two = List.of(good, bad);
      assertRefused(
          model, new SeriesGroup(two, List.of(), List.of()), "series 0, target 1, value 1 is ");
      List<float[]> one = List.of(good);
      assertRefused(
          model, new SeriesGroup(one, List.of(bad), List.of()), "past covariate 0, value 1 is ");
      assertRefused(
          model,
          new SeriesGroup(one, List.of(), List.of(future)),
          "future covariate 0, value 9 is ");
      ForecastSession session = model.newSession(Team.of(1));
      assertThrows(IllegalArgumentException.class, () -> session.add(bad));
      assertEquals(0, session.length());
    }
  }

  private static void assertRefused(ForecastModel model, SeriesGroup group, String message) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> forecast(model, group, ForecastOptions.of(3)));
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(floats = {1e30f, 1e-30f, 1e-44f})
  void whateverIsLetInGivesNumbers(float size) throws IOException {
    float[] values = waves(80);
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 3 == 0 ? size : -size;
    }
    try (ForecastModel model = open()) {
      for (float quantile :
          forecast(model, SeriesGroup.of(values), ForecastOptions.of(16)).quantiles()) {
        assertTrue(Float.isFinite(quantile), "not finite");
      }
    }
  }

  @Test
  void aKnownFutureReachesTheHorizon() throws IOException {
    SeriesGroup group =
        new SeriesGroup(List.of(waves(30)), List.of(), List.of(waves(50), waves(45)));
    try (ForecastModel model = open()) {
      assertEquals(15, forecast(model, group, ForecastOptions.of(15)).horizon());
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class, () -> forecast(model, group, ForecastOptions.of(20)));
      assertTrue(
          refusal.getMessage().contains("series 0, future covariate 1 has 45 values"),
          refusal.getMessage());
    }
  }

  @Test
  void tensorsGoInAndOut(@TempDir Path temporary) throws IOException {
    float[] target = NamedTensor.concatenate(List.of(waves(50), new float[50]));
    target[60] = 7;
    List<NamedTensor> tensors =
        List.of(
            NamedTensor.of("target", target, 2, 50),
            NamedTensor.of("past", waves(50), 1, 50),
            NamedTensor.of("future", waves(62), 1, 62));
    Path file = temporary.resolve("inputs.safetensors");
    SeriesGroup group =
        new SeriesGroup(
            List.of(waves(50), Arrays.copyOfRange(target, 50, 100)),
            List.of(waves(50)),
            List.of(waves(62)));
    try (ForecastModel model = open();
        Checkpoint inputs =
            Checkpoint.open(TensorFile.write(file, tensors, Map.of("prediction_length", 12L)))) {
      List<NamedTensor> plain = model.run(inputs, RunOptions.of(Team.of(1)));
      assertEquals(List.of(2L, 12L, 9L), plain.getFirst().shape());
      ForecastOptions options = ForecastOptions.of(12);
      assertSame(model, group, options, plain.getFirst());
      List<NamedTensor> other =
          model.run(
              inputs,
              RunOptions.of(Team.of(1), ModelOption.SIGN_FLIP, ModelOption.NO_DIFFERENCING));
      options = options.withSignFlip(Choice.YES).withDifferencing(Choice.NO);
      assertSame(model, group, options, other.getFirst());
      assertNotEquals(plain.getFirst().values()[5], other.getFirst().values()[5], 1e-5);
    }
    try (ForecastModel model = open();
        Checkpoint inputs =
            Checkpoint.open(TensorFile.write(file, tensors, Map.of("prediction_length", 13L)))) {
      IOException refusal =
          assertThrows(IOException.class, () -> model.run(inputs, RunOptions.of(Team.of(1))));
      assertTrue(refusal.getMessage().contains("future covariate 0 has 62"), refusal.getMessage());
    }
  }

  private static void assertSame(
      ForecastModel model, SeriesGroup group, ForecastOptions options, NamedTensor actual) {
    List<float[]> expected =
        model.forecastGroups(List.of(group), options, Team.of(1)).getFirst().stream()
            .map(Forecast::quantiles)
            .toList();
    assertArrayEquals(NamedTensor.concatenate(expected), actual.values(), 1e-4f);
  }
}
