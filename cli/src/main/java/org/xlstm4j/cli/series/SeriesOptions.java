package org.xlstm4j.cli.series;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.UsageException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that read a series from a file. */
public final class SeriesOptions {
  @Option(
      names = "--column",
      required = true,
      paramLabel = "C",
      description =
          "Heading of the column, or its number from 1; several with commas between, or as several"
              + " options.")
  private List<String> columns = List.of();

  @Option(
      names = "--time",
      paramLabel = "C",
      description = "Column with the times (default: the first one with dates).")
  private @Nullable String time;

  @Option(names = "--no-time", description = "Leave the times out; steps are counted.")
  private boolean withoutTimes;

  @Mixin private CsvOptions csv = new CsvOptions();

  /**
   * How the file is to be read.
   *
   * @param covariates further columns to be read, named as the columns are
   */
  public SeriesFile.Reading reading(List<String> covariates) {
    if (time != null && withoutTimes) {
      throw new UsageException("--time and --no-time exclude each other");
    }
    return new SeriesFile.Reading(
        columns,
        covariates,
        time,
        withoutTimes,
        csv.separator(),
        csv.decimalCommas(),
        csv.firstLine());
  }
}
