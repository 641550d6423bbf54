package org.xlstm4j.models.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.threads.Team;

/** Windows and scores, on numbers that can be checked by hand. */
class BacktestTest {
  private static final float NONE = Float.NaN;
  private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);

  private static Forecast forecast(float... quantiles) {
    return new Forecast(LEVELS, quantiles.length / 3, quantiles.length / 3, quantiles);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 10, 5, 4, 4, 5, 80",
    "30, 10, 5, 4, 4, 5, 10",
    "29, 10, 5, 4, 4, 4, 12",
    "18, 10, 5, 4, 4, 1, 10",
    "17, 10, 5, 4, 3, 1, 10",
    "15, 10, 5, 4, 1, 5, 10",
    "100, 10, 5, 1, 1, 5, 95"
  })
  void windowsLieAtTheEnd(
      int length, int past, int horizon, int wanted, int count, int stride, int first) {
    BacktestWindows windows = BacktestWindows.of(length, past, horizon, wanted);
    assertEquals(count, windows.count());
    assertEquals(stride, windows.stride());
    assertEquals(first, windows.begin(0));
    assertEquals(length - horizon, windows.begin(count - 1));
    assertEquals(stride < horizon, windows.overlap());
  }

  @Test
  void aSeriesMayBeTooShort() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> BacktestWindows.of(14, 10, 5, 1))
            .getMessage();
    assertTrue(message.contains("14 values") && message.contains("at least 15"), message);
  }

  /**
   * The past's mean error is 2. First window: errors 1 and 3, so MASE 1; pinball losses of the
   * levels 0.1, 0.5, 0.9: for value 10 and quantiles 8, 9, 10: 0.2, 0.5, 0; for value 20 and
   * quantiles 21, 23, 25: 0.9, 1.5, 0.5.
   */
  @Test
  void scoresAreThoseOfTheirDefinitions() {
    ScoreSum sum = new ScoreSum(new SeasonalNaive(1), LEVELS);
    float[] past = {1, 3, 5, 7};
    sum.add(past, new float[] {10, 20}, new float[] {9, 23}, forecast(8, 9, 10, 21, 23, 25));
    ForecastScore score = sum.score();
    assertEquals(1, score.meanAbsoluteScaledError(), 1e-12);
    double[] losses = {0.2 + 0.9, 0.5 + 1.5, 0 + 0.5};
    double expected = 2 * (losses[0] + losses[1] + losses[2]) / 30 / 3;
    assertEquals(expected, score.weightedQuantileLoss(), 1e-9);
    assertEquals(0.5, score.coverage());
    assertEquals(2, score.values());

    // a window that hits, with a missing value: MASE is the mean over windows, WQL over values
    sum.add(past, new float[] {-30, NONE}, new float[] {-30, 5}, forecast(-30, -30, -30, 1, 2, 3));
    ForecastScore both = sum.score();
    assertEquals(0.5, both.meanAbsoluteScaledError(), 1e-12);
    assertEquals(expected / 2, both.weightedQuantileLoss(), 1e-9);
    assertEquals(2 / 3.0, both.coverage(), 1e-12);
    assertEquals(3, both.values());
  }

  @Test
  void whatCannotBeSaidIsNotANumber() {
    ScoreSum none = new ScoreSum(new SeasonalNaive(1), LEVELS);
    none.add(new float[] {5, 5}, new float[] {NONE}, new float[] {5}, forecast(5, 5, 5));
    assertEquals(new ForecastScore(Double.NaN, Double.NaN, Double.NaN, 0), none.score());
    ScoreSum constant = new ScoreSum(new SeasonalNaive(1), LEVELS);
    constant.add(new float[] {5, 5}, new float[] {5}, new float[] {6}, forecast(5, 6, 7));
    assertTrue(Double.isNaN(constant.score().meanAbsoluteScaledError()));
    assertEquals(1, constant.score().coverage());
  }

  /** Two targets and covariates: each window's model sees what is known then, and no more. */
  @Test
  void windowsAreForecastFromWhatIsKnownThen() {
    float[] rising = {0, 1, 2, 3, 4, 5, 6, 7};
    float[] twice = {NONE, 2, 4, 6, 8, 10, 12, 14};
    float[] past = {1, 1, 1, 1, 1, 1, 1, 1};
    float[] future = {0, 10, 20, 30, 40, 50, 60, 70, 80, 90};
    SeriesGroup group = new SeriesGroup(List.of(rising, twice), List.of(past), List.of(future));
    QuantileInterpolation levels = new QuantileInterpolation(LEVELS);
    Backtest backtest = Backtest.of(List.of(group), 2, 2, 1, levels);
    assertEquals(4, backtest.windows().begin(0));
    LastValueModel model = new LastValueModel();
    List<Backtest.Comparison> found =
        backtest.run(model, List.of(group), ForecastOptions.of(2), Team.of(1)).getFirst();
    assertEquals(2, model.groups().size());
    assertArrayEquals(new float[] {0, 1, 2, 3}, model.groups().getFirst().targets().getFirst());
    assertEquals(4, model.groups().getFirst().past().getFirst().length);
    assertArrayEquals(
        new float[] {0, 10, 20, 30, 40, 50}, model.groups().getFirst().future().getFirst());
    assertEquals(8, model.groups().get(1).future().getFirst().length);
    // the last value, repeated, is 1 and 2 steps off, and so is the naive forecast: error 1 a step
    assertEquals(2, found.size());
    for (Backtest.Comparison comparison : found) {
      assertEquals(1.5, comparison.model().meanAbsoluteScaledError(), 1e-6);
      assertEquals(1.5, comparison.naive().meanAbsoluteScaledError(), 1e-6);
      assertEquals(1, comparison.relativeError(), 1e-6);
      assertEquals(4, comparison.model().values());
      assertEquals(0, comparison.model().coverage());
      // the differences of the past are all 1 (2), so the naive band ends 1 (2) above
      assertEquals(0.5, comparison.naive().coverage());
    }
    assertFalse(backtest.windows().overlap());
  }

  @Test
  void valuesMissingAtFirstAreNoPast() {
    float[] late = {NONE, NONE, NONE, 1, 2, 3};
    List<SeriesGroup> groups = List.of(SeriesGroup.of(late));
    QuantileInterpolation levels = new QuantileInterpolation(LEVELS);
    assertEquals(5, Backtest.of(groups, 1, 3, 1, levels).windows().begin(0));
    assertThrows(IllegalArgumentException.class, () -> Backtest.of(groups, 2, 1, 1, levels));
  }
}
