package org.xlstm4j.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.forecast.ForecastGroups;
import org.xlstm4j.cli.forecast.ForecastTable;
import org.xlstm4j.cli.options.CellOption;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.plot.PlotPanel;
import org.xlstm4j.cli.plot.SvgPlot;
import org.xlstm4j.cli.plot.TextPlot;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.cli.series.CovariateOptions;
import org.xlstm4j.cli.series.FutureFile;
import org.xlstm4j.cli.series.Series;
import org.xlstm4j.cli.series.SeriesFile;
import org.xlstm4j.cli.series.SeriesOptions;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.forecast.Backtest;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastOptions;
import org.xlstm4j.models.forecast.QuantileInterpolation;
import org.xlstm4j.models.forecast.SeriesGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Forecasts time series. */
@Command(
    name = "forecast",
    description = {
      "Forecasts the values that follow time series, as quantiles.",
      "Writes them as comma-separated values, one line per step; a plot goes to standard error.",
      "Without -m by the shipped " + ForecastCommand.DEFAULT_MODEL + "."
    },
    footer = {
      "",
      "Examples:",
      "  xlstm forecast co2_weekly.csv --column co2 --horizon 52 --plot",
      "  xlstm forecast sales.csv --column 2 --horizon 12 --plot sales.svg > q.csv",
      "  xlstm forecast sales.csv --column north,south --horizon 12",
      "  xlstm forecast sales.csv --column 2 --horizon 12 --quantiles 0.1,0.5,0.9",
      "  xlstm forecast sales.csv --column north --horizon 12 --backtest 5",
      "  xlstm forecast -m MODEL load.csv --column load --horizon 24 \\",
      "    --covariate wind --future ahead.csv"
    })
final class ForecastCommand extends Subcommand {
  static final String DEFAULT_MODEL = "tirex-mini";
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
      names = "--each",
      description = "Forecast each column separately, even if the model could see them together.")
  private boolean each;

  @Mixin private CovariateOptions covariates = new CovariateOptions();

  @Option(names = "--last", paramLabel = "N", description = "Use the last N values alone.")
  private @Nullable Integer last;

  @Option(
      names = "--horizon",
      required = true,
      paramLabel = "H",
      description = "How many values to forecast.")
  private int horizon;

  @Mixin private QuantilesOption quantiles = new QuantilesOption();

  @Option(
      names = "--extend",
      description = "Continue beyond the longest horizon that the model was made for.")
  private boolean extend;

  @Option(
      names = "--rollout",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Patches forecast in one pass; more is faster for long horizons and carries the series"
              + " further (default: ${DEFAULT-VALUE}).")
  private int rollout;

  @Mixin private CellOption cell = new CellOption();
  @Mixin private BacktestOptions backtest = new BacktestOptions();

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
    SeriesFile.Reading how = series.reading(covariates.columns());
    SeriesFile whole = SeriesFile.read(source, terminal.in(), how);
    whole.remarks().forEach(remark -> say(terminal, remark));
    if (last != null && last > whole.length()) {
      say(terminal, "--last is " + last + ", and there are " + whole.length() + " values in all");
    }
    SeriesFile past = last == null ? whole : whole.last(last);
    String name = source.equals("-") ? "standard input" : source;
    requireValues(name, past);
    FutureFile future = covariates.read(terminal.in(), how, past, horizon);
    if (future != null) {
      future.remarks().forEach(remark -> say(terminal, remark));
    }
    past.targets().forEach(target -> sayWhereItEnds(terminal, target));
    try (ForecastModel forecaster =
        Models.open(
            model.folder(DEFAULT_MODEL),
            ForecastModel.class,
            arithmetic,
            family -> FamilyOptions.check(family, cell.chosen()),
            model.load())) {
      boolean together = forecaster.takesGroups() && !each;
      List<SeriesGroup> groups =
          new ForecastGroups(past, future == null ? Map.of() : future.covariates())
              .groups(together);
      if (!forecaster.takesGroups() && !past.covariates().isEmpty()) {
        throw new UsageException(
            "--covariate is of no use: the model forecasts each series from its own past alone");
      }
      if (rollout > 1 && wholeHorizon(forecaster)) {
        throw new UsageException(
            "--rollout is of no use: a pass of the model forecasts "
                + forecaster.longestHorizon()
                + " values");
      }
      ForecastOptions options = options(forecaster, terminal);
      QuantileInterpolation levels = quantiles.or(forecaster.levels(), terminal);
      if (backtest.given()) {
        Backtest windows = backtest.backtest(name, past.times(), groups, options.horizon(), levels);
        say(terminal, backtest.line(windows, past.times()));
        List<Backtest.Comparison> comparisons =
            windows.run(forecaster, groups, options, model.team()).stream()
                .flatMap(List::stream)
                .toList();
        BacktestTable found = new BacktestTable(past.targets(), windows, comparisons);
        json.formatOr(TableFormat.TEXT).write(found.table(), terminal.out());
        terminal.out().flush();
        say(terminal, found.verdict());
      } else {
        List<Forecast> forecasts =
            forecaster.forecastGroups(groups, options, model.team()).stream()
                .flatMap(List::stream)
                .toList();
        write(terminal, past, forecasts, levels, picture, wholeHorizon(forecaster));
      }
    }
  }

  private void write(
      Terminal terminal,
      SeriesFile past,
      List<Forecast> forecasts,
      QuantileInterpolation levels,
      @Nullable Path picture,
      boolean wholeHorizon)
      throws IOException {
    List<PlotPanel> panels = new ArrayList<>();
    for (int target = 0; target < forecasts.size(); target++) {
      Series targeted = past.targets().get(target);
      Forecast forecast = forecasts.get(target);
      if (forecast.reach() < forecast.horizon()) {
        String of = forecasts.size() > 1 ? targeted.title() + ", " : "";
        say(terminal, of + howFarItReaches(forecast, wholeHorizon));
      }
      panels.add(new PlotPanel(Failures.printable(targeted.title()), targeted.values(), forecast));
    }
    if (picture != null) {
      try (WholeFile file = new WholeFile(picture)) {
        file.write(ByteBuffer.wrap(new SvgPlot(panels).toString().getBytes(UTF_8)));
        file.finish();
      }
    }
    Table table =
        new ForecastTable(past.targets(), past.times(), forecasts.stream().map(levels::of).toList())
            .table();
    json.formatOr(TableFormat.CSV).write(table, terminal.out());
    terminal.out().flush();
    if (picture == null && plot != null) {
      terminal.err().print(new TextPlot(panels));
    }
  }

  private static void say(Terminal terminal, String remark) {
    terminal.err().println("xlstm forecast: " + Failures.oneLine(remark));
  }

  private static void requireValues(String source, SeriesFile past) throws IOException {
    for (Series target : past.targets()) {
      if (target.missingAtEnd() == target.values().length) {
        throw new IOException(
            source + ": no value in column " + target.title() + " among the last ones (--last)");
      }
    }
  }

  private static void sayWhereItEnds(Terminal terminal, Series target) {
    int missing = target.missingAtEnd();
    if (missing > 0) {
      say(
          terminal,
          (missing == 1 ? "the last value of " : "the last " + missing + " values of ")
              + target.title()
              + (missing == 1 ? " is missing" : " are missing")
              + "; the forecast begins behind "
              + (missing == 1 ? "it" : "them"));
    }
  }

  private static String howFarItReaches(Forecast forecast, boolean wholeHorizon) {
    return "from step "
        + (forecast.reach() + 1)
        + " on nothing of the series is left in what the model sees"
        + (wholeHorizon ? "" : ", and every series has the same forecast (see --rollout)");
  }

  /** Whether a pass forecasts all that the model was made for, and not patch after patch. */
  private static boolean wholeHorizon(ForecastModel forecaster) {
    return forecaster.longestHorizon() < Integer.MAX_VALUE;
  }

  /** How to forecast; a line says so if that is not as far as asked for. */
  private ForecastOptions options(ForecastModel forecaster, Terminal terminal) {
    int longest = extend ? Integer.MAX_VALUE : forecaster.longestHorizon();
    if (horizon > longest) {
      say(
          terminal,
          "the model forecasts at most "
              + longest
              + " values, and --horizon is "
              + horizon
              + "; the forecast ends there (--extend goes on)");
    }
    ForecastOptions options =
        ForecastOptions.of(Math.min(horizon, longest)).withPatchesPerPass(rollout);
    return extend ? options.extended() : options;
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
    if (last != null && last < 1) {
      throw new UsageException("--last is " + last + ", expected at least 1");
    }
    if (plot != null && !plot.isEmpty() && !plot.endsWith(SVG)) {
      throw new UsageException("--plot is " + plot + ", expected a name that ends in " + SVG);
    }
    covariates.check(file);
    quantiles.check();
    backtest.check();
    if (backtest.given() && plot != null) {
      throw new UsageException("--plot shows a forecast, and --backtest makes none");
    }
  }
}
