package org.xlstm4j.cli.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.series.Series;
import org.xlstm4j.models.forecast.Backtest;
import org.xlstm4j.models.forecast.BacktestWindows;
import org.xlstm4j.models.forecast.ForecastScore;
import org.xlstm4j.models.forecast.QuantileInterpolation;

/** The table and the lines that a backtest prints. */
class BacktestTableTest {
  private static final Backtest BACKTEST =
      new Backtest(
          new BacktestWindows(100, 5, 3, 5), 7, new QuantileInterpolation(List.of(0.1, 0.5, 0.9)));

  private static Backtest.Comparison comparison(double model, double naive) {
    return new Backtest.Comparison(
        new ForecastScore(model, 0.125, 0.75, 15), new ForecastScore(naive, 0.25, 0.5, 15));
  }

  private static Series series(String title) {
    return new Series(title, new float[100]);
  }

  @Test
  void oneSeriesIsTwoRows() throws IOException {
    BacktestTable told =
        new BacktestTable(List.of(series("v")), BACKTEST, List.of(comparison(0.5, 2)));
    StringWriter json = new StringWriter();
    TableFormat.JSON.write(told.table(), json);
    assertEquals(
        "{\"forecast\":\"model\",\"mase\":0.5,\"wql\":0.125,\"coverage\":0.75,"
            + "\"nominal_coverage\":0.8,\"values\":15,\"windows\":3,\"season\":7}",
        json.toString().lines().findFirst().orElseThrow());
    assertEquals("the model's error is 0.25 of the seasonal naive forecast's", told.verdict());
  }

  @Test
  void severalSeriesAreJudgedByTheGeometricMean() throws IOException {
    BacktestTable told =
        new BacktestTable(
            List.of(series("v"), series("w")),
            BACKTEST,
            List.of(comparison(1, 2), comparison(2, 1)));
    assertTrue(told.verdict().contains("is 1.00 of"), told.verdict());
    assertTrue(told.verdict().endsWith("(geometric mean over 2 targets)"), told.verdict());
    StringWriter text = new StringWriter();
    TableFormat.TEXT.write(told.table(), text);
    List<String> lines = text.toString().lines().toList();
    assertEquals(5, lines.size());
    assertTrue(lines.get(3).startsWith("w       model"), lines.get(3));
  }

  @Test
  void whatCannotBeComparedIsSaid() throws IOException {
    BacktestTable told =
        new BacktestTable(List.of(series("v")), BACKTEST, List.of(comparison(1, Double.NaN)));
    assertTrue(told.verdict().contains("cannot be compared"), told.verdict());
    StringWriter json = new StringWriter();
    TableFormat.JSON.write(told.table(), json);
    assertTrue(json.toString().contains("\"mase\":null"), json.toString());
  }
}
