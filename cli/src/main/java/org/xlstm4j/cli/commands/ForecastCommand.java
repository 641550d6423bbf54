package org.xlstm4j.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.CellOption;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.plot.SvgPlot;
import org.xlstm4j.cli.plot.TextPlot;
import org.xlstm4j.cli.series.SeriesFile;
import org.xlstm4j.cli.series.SeriesOptions;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Forecasts a time series. */
@Command(
    name = "forecast",
    description = {
      "Forecasts the values that follow a time series, as quantiles.",
      "Writes them as comma-separated values, a line a step; a plot goes to standard error."
    },
    footer = {
      "",
      "Examples:",
      "  xlstm forecast co2_weekly.csv --column co2 --horizon 52 --plot",
      "  xlstm forecast sales.csv --column 2 --horizon 12 --plot sales.svg > quantiles.csv"
    })
final class ForecastCommand extends Subcommand {
  private static final String DEFAULT_MODEL = "tirex-mini";
  private static final String SVG = ".svg";
  private static final int MAX_HORIZON = 1_000_000;

  @Mixin private ModelOptions model = new ModelOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE.csv",
      description =
          "Separated values, oldest first; empty fields are missing values; - reads standard input.")
  private @Nullable String file;

  @Mixin private SeriesOptions series = new SeriesOptions();

  @Option(
      names = "--horizon",
      required = true,
      paramLabel = "H",
      description = "How many values to forecast.")
  private int horizon;

  @Option(
      names = "--rollout",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Patches forecast in one pass; more is faster for long horizons and carries the series"
              + " further (default: ${DEFAULT-VALUE}).")
  private int rollout;

  @Mixin private CellOption cell = new CellOption();

  @Option(
      names = "--plot",
      arity = "0..1",
      parameterConsumer = PlotFile.class,
      paramLabel = "FILE.svg",
      description = "Draw series and forecast in the terminal, or into a file.")
  private @Nullable String plot;

  /** The option may stand alone: what follows is its file unless that is an option. */
  private static final class PlotFile implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
      boolean alone = arguments.isEmpty() || arguments.peek().startsWith("-");
      option.setValue(alone ? "" : arguments.pop());
    }
  }

  @Mixin private JsonOption json = new JsonOption();

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException {
    if (file == null && plot != null && !plot.endsWith(SVG) && !plot.isEmpty()) {
      // "--plot data.csv": the name belongs to the series
      file = plot;
      plot = "";
    }
    check();
    SlstmCell.Arithmetic arithmetic = cell.arithmetic();
    Path picture = plot == null || plot.isEmpty() ? null : Path.of(plot);
    if (picture != null) {
      WholeFile.requirePlace(picture);
    }
    String source = String.valueOf(file);
    SeriesFile past = SeriesFile.read(source, terminal.in(), series.reading());
    if (past.remark() != null) {
      terminal.err().println("xlstm forecast: " + past.remark());
    }
    Forecast forecast;
    try (ForecastModel forecaster =
        Models.open(model.folder(DEFAULT_MODEL), ForecastModel.class, arithmetic, model.load())) {
      forecast =
          forecaster.forecast(List.of(past.values()), horizon, rollout, model.team()).getFirst();
    }
    if (forecast.reach() < horizon) {
      terminal
          .err()
          .printf(
              "xlstm forecast: from step %d on nothing of the series is left in what the model sees,"
                  + " and every series has the same forecast (see --rollout)%n",
              forecast.reach() + 1);
    }
    if (picture != null) {
      try (WholeFile whole = new WholeFile(picture)) {
        String drawn = new SvgPlot(past.column(), past.values(), forecast).toString();
        whole.write(ByteBuffer.wrap(drawn.getBytes(UTF_8)));
        whole.finish();
      }
    }
    json.formatOr(TableFormat.CSV).write(table(forecast), terminal.out());
    terminal.out().flush();
    if (picture == null && plot != null) {
      terminal.err().print(new TextPlot(past.values(), forecast));
    }
  }

  private void check() {
    if (file == null) {
      throw new UsageException("FILE.csv is missing");
    }
    if (horizon < 1 || horizon > MAX_HORIZON) {
      throw new UsageException("--horizon is " + horizon + ", expected 1 to " + MAX_HORIZON);
    }
    if (rollout < 1) {
      throw new UsageException("--rollout is " + rollout + ", expected at least 1");
    }
    if (plot != null && !plot.isEmpty() && !plot.endsWith(SVG)) {
      throw new UsageException("--plot is " + plot + ", expected a name that ends in " + SVG);
    }
  }

  private static Table table(Forecast forecast) {
    List<Table.Column> columns = new ArrayList<>();
    columns.add(Table.Column.number("step", "%d"));
    for (double level : forecast.levels()) {
      columns.add(Table.Column.number(String.valueOf(level), "%g"));
    }
    boolean beyond = forecast.reach() < forecast.horizon();
    if (beyond) {
      columns.add(Table.Column.text("beyond reach"));
    }
    Table table = new Table(columns.toArray(Table.Column[]::new));
    for (int step = 0; step < forecast.horizon(); step++) {
      List<Object> row = new ArrayList<>();
      row.add(step + 1);
      for (int level = 0; level < forecast.levels().size(); level++) {
        row.add(forecast.quantile(step, level));
      }
      if (beyond) {
        row.add(step >= forecast.reach());
      }
      table.row(row.toArray());
    }
    return table;
  }
}
