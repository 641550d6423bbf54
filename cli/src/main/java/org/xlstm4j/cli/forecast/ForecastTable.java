package org.xlstm4j.cli.forecast;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.series.Series;
import org.xlstm4j.cli.series.SeriesTimes;
import org.xlstm4j.models.forecast.Forecast;

/**
 * Forecasts as a table: for each target and each step the quantiles. Where the times of the series
 * are known, a step is called by its time.
 *
 * @param targets the series
 * @param times theirs, or null
 * @param forecasts one a target, all of the same levels and horizon
 */
public record ForecastTable(
    List<Series> targets, @Nullable SeriesTimes times, List<Forecast> forecasts) {
  private static final String TARGET = "target";

  /** The table. */
  public Table table() {
    boolean several = targets.size() > 1;
    boolean beyond = forecasts.stream().anyMatch(one -> one.reach() < one.horizon());
    List<Table.Column> columns = new ArrayList<>();
    if (several) {
      columns.add(Table.Column.text(TARGET));
    }
    columns.add(
        times == null
            ? Table.Column.number("step", "%d")
            : Table.Column.named(heading(times.heading())));
    for (double level : forecasts.getFirst().levels()) {
      columns.add(Table.Column.number(BigDecimal.valueOf(level).toPlainString(), "%g"));
    }
    if (beyond) {
      columns.add(Table.Column.text("beyond reach"));
    }
    Table table = new Table(columns.toArray(Table.Column[]::new));
    for (int target = 0; target < targets.size(); target++) {
      Forecast forecast = forecasts.get(target);
      for (int step = 0; step < forecast.horizon(); step++) {
        List<Object> row = new ArrayList<>();
        if (several) {
          row.add(targets.get(target).title());
        }
        row.add(times == null ? step + 1 : times.ahead(step + 1));
        for (int level = 0; level < forecast.levels().size(); level++) {
          row.add(forecast.quantile(step, level));
        }
        if (beyond) {
          row.add(step >= forecast.reach());
        }
        table.row(row.toArray());
      }
    }
    return table;
  }

  private static String heading(String ofFile) {
    return ofFile.isEmpty() || ofFile.equals(TARGET) ? "time" : ofFile;
  }
}
