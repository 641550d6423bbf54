package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastOptions;
import org.xlstm4j.models.forecast.SeriesGroup;

/** {@code xlstm forecast} with a model that takes groups and covariates, of random weights. */
@Tag("slow")
class GroupForecastTest {
  private static final Path MODEL = Outcome.golden("tirex2", "mixed");

  /** The model's longest horizon, and the number of values it looks at. */
  private static final int LONGEST = 24;

  private static final int CONTEXT = 96;
  private static final int LENGTH = 50;
  private static final int AHEAD = 30;
  private static final LocalDate START = LocalDate.of(2024, 1, 30);

  private static final float[] NORTH = wave(LENGTH, 7, 20);
  private static final float[] SOUTH = wave(LENGTH, 11, -3);

  /** Covariates, with what follows the series. */
  private static final float[] WIND = wave(LENGTH + AHEAD, 5, 0);

  private static final float[] HOLIDAY = holidays(LENGTH + AHEAD);

  @TempDir private Path temporary;

  private static float[] wave(int length, int period, int level) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      int noise = i * 7919 % 101;
      values[i] = (float) Math.rint(100 * Math.sin(2 * Math.PI * i / period) + noise) / 16 + level;
    }
    return values;
  }

  private static float[] holidays(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i % 7 < 2 ? 1 : 0;
    }
    return values;
  }

  private static float[] past(float[] values) {
    return Arrays.copyOf(values, LENGTH);
  }

  private String series() throws IOException {
    StringBuilder csv = new StringBuilder("day,north,south,wind,holiday\n");
    for (int i = 0; i < LENGTH; i++) {
      csv.append(START.plusDays(i)).append(',').append(NORTH[i]).append(',').append(SOUTH[i]);
      csv.append(',').append(WIND[i]).append(',').append(HOLIDAY[i]).append('\n');
    }
    return Files.writeString(temporary.resolve("series.csv"), csv).toString();
  }

  /** Days behind the series, from some day on: the wind, and perhaps the holidays. */
  private String ahead(int from, boolean holidays) throws IOException {
    StringBuilder csv = new StringBuilder(holidays ? "day,holiday,wind\n" : "day,wind\n");
    for (int i = from; i < AHEAD; i++) {
      csv.append(START.plusDays(LENGTH + i));
      csv.append(holidays ? "," + HOLIDAY[LENGTH + i] : "");
      csv.append(',').append(WIND[LENGTH + i]).append('\n');
    }
    return Files.writeString(temporary.resolve("ahead.csv"), csv).toString();
  }

  private String[] line(String options) throws IOException {
    List<String> line = new ArrayList<>(List.of("forecast", series(), "-m", MODEL.toString()));
    line.addAll(List.of(options.split(" ")));
    return line.toArray(String[]::new);
  }

  /** The table that these forecasts make, by their targets. */
  private static List<String> table(List<String> targets, List<Forecast> forecasts) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      Forecast forecast = forecasts.get(i);
      for (int step = 0; step < forecast.horizon(); step++) {
        StringBuilder row = new StringBuilder(targets.size() > 1 ? targets.get(i) + "," : "");
        row.append(START.plusDays(LENGTH + step));
        for (int level = 0; level < forecast.levels().size(); level++) {
          row.append(',').append(forecast.quantile(step, level));
        }
        lines.add(row.toString());
      }
    }
    return lines;
  }

  private static List<Forecast> forecasts(ForecastOptions options, SeriesGroup... groups)
      throws IOException {
    try (ForecastModel model = ForecastModel.open(MODEL)) {
      return model.forecastGroups(List.of(groups), options, Team.of(1)).stream()
          .flatMap(List::stream)
          .toList();
    }
  }

  private static List<String> rows(Outcome outcome) {
    return outcome.out().lines().skip(1).toList();
  }

  @Test
  void columnsMakeOneGroup() throws IOException {
    SeriesGroup group = new SeriesGroup(List.of(NORTH, SOUTH), List.of(), List.of());
    Outcome outcome = Outcome.of(line("--column north,south --horizon 9")).assertDone();
    assertEquals(
        "target,day,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9",
        outcome.out().lines().findFirst().orElseThrow());
    List<String> expected =
        table(List.of("north", "south"), forecasts(ForecastOptions.of(9), group));
    assertEquals(expected, rows(outcome));
  }

  @Test
  void eachColumnIsAGroupOfItsOwn() throws IOException {
    List<Forecast> apart =
        forecasts(ForecastOptions.of(9), SeriesGroup.of(NORTH), SeriesGroup.of(SOUTH));
    Outcome each = Outcome.of(line("--column north,south --horizon 9 --each")).assertDone();
    assertEquals(table(List.of("north", "south"), apart), rows(each));
    Outcome together = Outcome.of(line("--column north,south --horizon 9"));
    assertNotEquals(together.out(), each.out());
    Outcome north = Outcome.of(line("--column north --horizon 9")).assertDone();
    List<Forecast> northAlone = forecasts(ForecastOptions.of(9), SeriesGroup.of(NORTH));
    assertEquals(table(List.of("north"), northAlone), rows(north));
    Outcome northEach = Outcome.of(line("--column north --horizon 9 --each")).assertDone();
    assertEquals(north.out(), northEach.out());
  }

  @Test
  void covariatesAreKnownAsFarAsTheSeries() throws IOException {
    SeriesGroup group =
        new SeriesGroup(List.of(NORTH), List.of(past(WIND), past(HOLIDAY)), List.of());
    List<String> expected = table(List.of("north"), forecasts(ForecastOptions.of(9), group));
    String commas = "--column north --covariate wind,holiday --horizon 9";
    assertEquals(expected, rows(Outcome.of(line(commas)).assertDone()));
    String twice = "--column north --covariate wind --covariate 5 --horizon 9";
    assertEquals(expected, rows(Outcome.of(line(twice)).assertDone()));
  }

  @Test
  void whatAFutureFileHoldsIsKnownAhead() throws IOException {
    String options = "--column north,south --covariate wind,holiday --horizon 9 --future ";
    List<String> targets = List.of("north", "south");
    SeriesGroup both = new SeriesGroup(List.of(NORTH, SOUTH), List.of(), List.of(WIND, HOLIDAY));
    List<String> expected = table(targets, forecasts(ForecastOptions.of(9), both));
    assertEquals(expected, rows(Outcome.of(line(options + ahead(0, true))).assertDone()));

    SeriesGroup one = new SeriesGroup(List.of(NORTH, SOUTH), List.of(past(HOLIDAY)), List.of(WIND));
    expected = table(targets, forecasts(ForecastOptions.of(9), one));
    assertEquals(expected, rows(Outcome.of(line(options + ahead(0, false))).assertDone()));
  }

  @Test
  void aFutureThatDoesNotFollowOrEndsTooEarlyIsRefused() throws IOException {
    String options = "--column north --covariate wind --future ";
    Outcome.of(line(options + ahead(1, true) + " --horizon 9"))
        .assertFailed("ahead.csv, line 2", "'2024-03-21'", "expected '2024-03-20'");
    Outcome.of(line(options + ahead(0, true) + " --horizon 31"))
        .assertFailed("ahead.csv", "30 steps", "the 31 of the horizon");
  }

  @Test
  void theHorizonEndsWhereTheModelDoes() throws IOException {
    Outcome cut = Outcome.of(line("--column north --horizon 200"));
    assertEquals(ExitStatus.DONE, cut.status());
    assertEquals(
        "xlstm forecast: the model forecasts at most 24 values, and --horizon is 200; the forecast"
            + " ends there (--extend goes on)\n",
        cut.err());
    assertEquals(Outcome.of(line("--column north --horizon 24")).assertDone().out(), cut.out());
    assertEquals(LONGEST, rows(cut).size());
  }

  @Test
  void extendGoesOn() throws IOException {
    Outcome outcome = Outcome.of(line("--column north,south --horizon 100 --extend"));
    assertEquals(ExitStatus.DONE, outcome.status());
    ForecastOptions options = ForecastOptions.of(100).extended();
    SeriesGroup group = new SeriesGroup(List.of(NORTH, SOUTH), List.of(), List.of());
    List<Forecast> expected = forecasts(options, group);
    List<String> rows = table(List.of("north", "south"), expected);
    assertEquals(200, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      boolean beyond = i % 100 >= CONTEXT;
      assertEquals(rows.get(i) + "," + beyond, rows(outcome).get(i));
    }
    List<String> said = outcome.err().lines().toList();
    String reach = ", from step 97 on nothing of the series is left in what the model sees";
    assertEquals(List.of("xlstm forecast: north" + reach, "xlstm forecast: south" + reach), said);
    assertEquals("", Outcome.of(line("--column north --horizon 96 --extend")).assertDone().err());
  }

  @Test
  void aBacktestKnowsCovariatesAhead() throws IOException {
    String options = "--column north --covariate wind --horizon 5 --backtest 3 --json";
    Outcome past = Outcome.of(line(options));
    Outcome ahead = Outcome.of(line(options + " --future " + ahead(0, false)));
    for (Outcome outcome : List.of(past, ahead)) {
      assertEquals(ExitStatus.DONE, outcome.status());
      assertEquals(2, outcome.out().lines().count());
      assertTrue(outcome.err().contains("3 windows of 5 values, season 7"), outcome.err());
    }
    Stream<String> naive = Stream.of(past, ahead).map(one -> one.out().lines().toList().get(1));
    assertEquals(1, naive.distinct().count());
    assertFalse(past.out().equals(ahead.out()), "covariates known ahead make no difference");
  }

  @ParameterizedTest
  @CsvSource({"--sign-flip, --sign-flip", "--rollout 2, 24 values", "--cell bf16, TiRex"})
  void whatTheModelDoesNotHaveIsRefused(String option, String expected) throws IOException {
    Outcome.of(line("--column north --horizon 9 " + option))
        .assertWrongUsage(option.replaceFirst(" .*", ""), expected);
  }

  /** Smaller weights, where they fit, forecast nearly the same. */
  @Test
  void aQuantizedFolderIsInspectedAndForecasts() throws IOException {
    String smaller = temporary.resolve("smaller").toString();
    String table =
        Outcome.of("quantize", MODEL.toString(), smaller, "--type", "bf16").assertDone().out();
    assertTrue(table.contains("BF16"), table);
    String fields = Outcome.of("inspect", smaller).assertDone().out();
    assertTrue(fields.contains("TiRex-2") && fields.contains("BF16"), fields);
    String[] line = line("--column north,south --horizon 9");
    Outcome whole = Outcome.of(line).assertDone();
    line[3] = smaller;
    assertEquals(rows(whole).size(), rows(Outcome.of(line).assertDone()).size());
  }
}
