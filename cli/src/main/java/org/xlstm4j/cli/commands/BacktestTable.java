package org.xlstm4j.cli.commands;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.series.Series;
import org.xlstm4j.models.forecast.Backtest;
import org.xlstm4j.models.forecast.ForecastScore;

/**
 * What a backtest found, as a table and as a sentence.
 *
 * @param targets the series
 * @param backtest how they were forecast
 * @param comparisons one a target
 */
record BacktestTable(
    List<Series> targets, Backtest backtest, List<Backtest.Comparison> comparisons) {
  Table table() {
    List<Table.Column> columns = new ArrayList<>();
    if (targets.size() > 1) {
      columns.add(Table.Column.text("target"));
    }
    columns.add(Table.Column.text("forecast"));
    columns.add(Table.Column.number("mase", "%.3f"));
    columns.add(Table.Column.number("wql", "%.4f"));
    columns.add(Table.Column.number("coverage", "%.3f"));
    columns.add(Table.Column.number("nominal coverage", "%.3f"));
    columns.add(Table.Column.number("values", "%d"));
    columns.add(Table.Column.number("windows", "%d"));
    columns.add(Table.Column.number("season", "%d"));
    Table table = new Table(columns.toArray(Table.Column[]::new));
    for (int target = 0; target < targets.size(); target++) {
      String title = targets.get(target).title();
      add(table, title, "model", comparisons.get(target).model());
      add(table, title, "seasonal naive", comparisons.get(target).naive());
    }
    return table;
  }

  private void add(Table table, String title, String forecast, ForecastScore score) {
    List<Double> levels = backtest.quantiles().levels();
    double nominal = Collections.max(levels) - Collections.min(levels);
    List<@Nullable Object> row = new ArrayList<>();
    if (targets.size() > 1) {
      row.add(title);
    }
    row.add(forecast);
    row.add(known(score.meanAbsoluteScaledError()));
    row.add(known(score.weightedQuantileLoss()));
    row.add(known(score.coverage()));
    row.add(levels.size() == 1 ? null : Math.round(nominal * 1e9) / 1e9);
    row.add(score.values());
    row.add(backtest.windows().count());
    row.add(backtest.season());
    table.row(row.toArray());
  }

  private static @Nullable Double known(double number) {
    return Double.isNaN(number) ? null : number;
  }

  /** How the model compares, in a line; over several targets by the geometric mean. */
  String verdict() {
    double logarithms = 0;
    for (Backtest.Comparison comparison : comparisons) {
      logarithms += Math.log(comparison.relativeError());
    }
    double ratio = Math.exp(logarithms / comparisons.size());
    if (!Double.isFinite(ratio)) {
      return "the errors cannot be compared: a series repeats itself exactly, or has no values in"
          + " the windows";
    }
    return String.format(
        Locale.ROOT,
        "the model's error is %.2f of the seasonal naive forecast's%s",
        ratio,
        comparisons.size() == 1 ? "" : " (geometric mean over " + comparisons.size() + " targets)");
  }
}
